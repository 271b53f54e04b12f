import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { beginWithOlder } from './begin-with-older.ts'
import { startFleet, type TestFleet } from './fleet.ts'

/** A fleet whose clusters run an older PostgreSQL than its package sources have. */
export interface UpgradeFleet extends TestFleet {
  readonly clusters: readonly string[]
  /** What all clusters began with: `17.11`. */
  readonly older: string
  /** The fleet file. */
  readonly file: string
  /** What the members of a cluster run, each version once. */
  readonly versions: (cluster: string) => Promise<readonly string[]>
  /** When each server of a cluster was started, by instance: the same twice for one that nobody has touched. */
  readonly startTimes: (cluster: string) => Promise<Readonly<Record<string, string>>>
}

export async function startUpgradeFleet(request: {
  readonly name: string
  readonly subnet: string
  readonly hosts: number
  /** Of the fleet file: the entries of `clusters`. */
  readonly clusters: Readonly<Record<string, string>>
  readonly context?: LabContext
}): Promise<UpgradeFleet> {
  const { name, clusters: _spec, ...lab } = request
  const clusters = Object.keys(request.clusters)
  const fleet = await startFleet({ ...lab, name })
  try {
    const { older, file } = await beginWithOlder(fleet, name, specOf(request))
    const found = await allVersions(fleet, clusters)
    if (found.join() !== older) throw new Error(`members are to have ${older}, and have ${found.join(', ')}`)
    return {
      ...fleet,
      clusters,
      older,
      file,
      versions: cluster => allVersions(fleet, [cluster]),
      startTimes: cluster => startTimes(fleet, cluster),
    }
  } catch (error) {
    await fleet.down()
    throw error
  }
}

function specOf({ name, clusters }: Parameters<typeof startUpgradeFleet>[0]): string {
  const entries = Object.entries(clusters).map(
    ([cluster, rest]) => `  - { name: ${cluster}, workload: tiny, users: [{ name: app }], ${rest} }`,
  )
  return [
    'version: 1',
    `fleet: { name: ${name}, clientNetworks: [10.10.0.0/16] }`,
    'etcd: { members: 3 }',
    'clusters:',
    ...entries,
    '',
  ].join('\n')
}

async function allVersions(fleet: TestFleet, clusters: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const cluster of clusters) {
    const { members } = await fleet.waitForHealthy(cluster)
    for (const { serverVersion } of members) found.add(serverVersion)
  }
  return [...found]
}

/** As PostgreSQL writes it down at its start. */
async function startTimes(fleet: TestFleet, cluster: string): Promise<Readonly<Record<string, string>>> {
  const { members } = await fleet.cluster(cluster)
  const times: Record<string, string> = {}
  for (const { name, node } of members) {
    const pidFile = `/var/lib/drover/pg/${name}/data/postmaster.pid`
    const { stdout } = await fleet.lab.exec(node, ['sed', '-n', '1p;3p', pidFile])
    times[name] = stdout.trim().replace('\n', ' since ')
  }
  return times
}
