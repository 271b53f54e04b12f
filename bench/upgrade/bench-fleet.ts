import { join } from 'node:path'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { listPool } from '../../orchestrator/packages/pool.ts'
import type { ClusterStatus } from '../../test/support/fleet-status.ts'
import { startUpgradeFleet, type UpgradeFleet } from '../../test/support/upgrade-fleet.ts'

export const CLUSTER = 'pg-main'
const WELL_MS = 300_000

/** One cluster of three with a member that confirms commits, and small ones beside it. */
export interface BenchFleet extends UpgradeFleet {
  /** Debian's own, of the server package. */
  readonly packages: { readonly older: string; readonly newer: string }
  /** Until all members of the cluster stream and one confirms; with a version: until all run it. */
  readonly waitUntilWell: (version?: string) => Promise<ClusterStatus>
}

export async function openBenchFleet(request: {
  readonly name: string
  readonly subnet: string
  readonly small: number
  readonly context: LabContext
}): Promise<BenchFleet> {
  const { name, subnet, small, context } = request
  const app = 'databases: [{ name: app, owner: app }]'
  const others = Array.from({ length: small }, (_, index) => [`pg-${index + 1}`, `members: 1, ${app}`] as const)
  const clusters = { [CLUSTER]: `members: 3, durability: sync, ${app}`, ...Object.fromEntries(others) }
  const fleet = await startUpgradeFleet({ name, subnet, hosts: 3, clusters, context })
  try {
    // Both ways have it in the fleet's repository then, and have been gone once.
    await require(fleet, ['cluster', 'upgrade', CLUSTER])
    const pool = await listPool(join(labFleetPaths(name, context).packages, 'public', 'debian13'))
    const [newer = ''] = await fleet.versions(CLUSTER)
    const exact = (version: string): string =>
      pool.find(item => item.name === 'postgresql-17' && item.version.startsWith(`${version}-`))?.version ?? version
    await back(fleet)
    return {
      ...fleet,
      packages: { older: exact(fleet.older), newer: exact(newer) },
      waitUntilWell: version => untilWell(fleet, version),
    }
  } catch (error) {
    await fleet.down()
    throw error
  }
}

/** As it was installed; what was laid out is collected. */
export async function back(fleet: UpgradeFleet, clusters: readonly string[] = [CLUSTER]): Promise<void> {
  const only = clusters.flatMap(cluster => ['--cluster', cluster])
  await require(fleet, ['upgrade', 'start', '--to', fleet.older, '--soak', '0', ...only])
}

export async function require(fleet: UpgradeFleet, args: readonly string[]): Promise<string> {
  fleet.context.signal.throwIfAborted()
  const { code, stdout, stderr } = await fleet.drover(...args)
  if (code !== 0) throw new Error(`drover ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

async function untilWell(fleet: UpgradeFleet, version?: string): Promise<ClusterStatus> {
  await waitUntil({
    what: `${CLUSTER} to be well`,
    timeoutMs: WELL_MS,
    intervalMs: 500,
    signal: fleet.context.signal,
    check: async () => {
      const { state, members } = await fleet.cluster(CLUSTER)
      const isThere = version === undefined || members.every(({ serverVersion }) => serverVersion === version)
      return isThere && state === 'healthy' && members.some(({ role }) => role === 'sync-standby')
    },
    explain: async () => (await fleet.drover('status')).stdout,
  })
  return await fleet.cluster(CLUSTER)
}
