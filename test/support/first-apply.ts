import type { TestFleet } from './fleet.ts'

const HEALTHY_MS = 300_000

/** Applies the first fleet file of a lab and waits until all clusters in it are healthy; answers with the file's path. */
export async function firstApply(fleet: TestFleet, spec: string): Promise<string> {
  const file = await fleet.writeSpec(spec)
  const { code, stderr } = await fleet.drover('apply', '-f', file)
  if (code !== 0) throw new Error(stderr)
  for (const cluster of (await fleet.status()).clusters) await fleet.waitForHealthy(cluster.name, HEALTHY_MS)
  return file
}
