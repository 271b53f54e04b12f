import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import type { TestFleet } from './fleet.ts'

const HEALTHY_MS = 300_000

/** Applies the first fleet file of a lab and waits until all clusters in it are healthy; answers with the file's path. */
export async function firstApply(fleet: TestFleet, name: string, spec: string): Promise<string> {
  const file = join(labFleetPaths(name, fleet.context).directory, 'fleet.yml')
  await writeFile(file, spec)
  const { code, stderr } = await fleet.drover('apply', '-f', file)
  if (code !== 0) throw new Error(stderr)
  for (const cluster of (await fleet.status()).clusters) await fleet.waitForHealthy(cluster.name, HEALTHY_MS)
  return file
}
