import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import type { PackageItem } from '../../shared/domain/manifest.ts'
import { RUNTIMES } from '../../shared/domain/runtime.ts'
import type { ClusterStatus } from '../../test/support/fleet-status.ts'
import { startUpgradeFleet, type UpgradeFleet } from '../../test/support/upgrade-fleet.ts'

export const CLUSTER = 'pg-main'
const WELL_MS = 300_000
/** It has a member of the cluster: there are as many hosts as members. */
const HOST = 'node-1'
const SERVER = 'postgresql-17'

/** One cluster of three with a member that confirms commits, and small ones beside it. */
export interface BenchFleet extends UpgradeFleet {
  /** Debian's own, of the server package. */
  readonly packages: { readonly older: string; readonly newer: string }
  /** Until all members of the cluster stream and one confirms; with a version: until all run it, or this one does. */
  readonly waitUntilWell: (version?: string, member?: string) => Promise<ClusterStatus>
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
    // The fleet's repository has it then for both ways, and Drover's has been gone once.
    await require(fleet, ['cluster', 'upgrade', CLUSTER])
    const packages = { older: await installed(fleet), newer: await laidOut(fleet) }
    await back(fleet)
    return { ...fleet, packages, waitUntilWell: (version, member) => untilWell(fleet, { version, member }) }
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

/** Exact version of the server package on a host of the cluster. */
async function installed({ lab }: UpgradeFleet): Promise<string> {
  const { stdout } = await lab.exec(HOST, ['dpkg-query', '--show', '--showformat=${Version}', SERVER])
  return stdout.trim()
}

/** The same of the only runtime there. */
async function laidOut({ lab }: UpgradeFleet): Promise<string> {
  const { stdout } = await lab.exec(HOST, ['sh', '-c', `cat ${RUNTIMES}/*/packages.json`])
  const packages = JSON.parse(stdout) as readonly PackageItem[]
  const found = packages.find(({ name }) => name === SERVER)
  if (found === undefined) throw new Error(`the runtime of ${CLUSTER} has no ${SERVER}`)
  return found.version
}

async function untilWell(
  fleet: UpgradeFleet,
  { version, member }: { readonly version: string | undefined; readonly member: string | undefined },
): Promise<ClusterStatus> {
  await waitUntil({
    what: `${CLUSTER} to be well`,
    timeoutMs: WELL_MS,
    intervalMs: 500,
    signal: fleet.context.signal,
    check: async () => {
      const { state, members } = await fleet.cluster(CLUSTER)
      const asked = members.filter(({ name }) => member === undefined || name === member)
      const isThere = version === undefined || asked.every(({ serverVersion }) => serverVersion === version)
      return isThere && state === 'healthy' && members.some(({ role }) => role === 'sync-standby')
    },
    explain: async () => (await fleet.drover('status')).stdout,
  })
  return await fleet.cluster(CLUSTER)
}
