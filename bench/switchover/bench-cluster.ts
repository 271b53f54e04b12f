import type { Lab } from '../../deploy/lab/lab.ts'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { buildAgent } from '../../deploy/quickstart/build-agent.ts'
import type { DroverCommand } from '../../deploy/quickstart/drover-command.ts'
import { endLabFleet, openLabFleet } from '../../deploy/quickstart/lab-fleet.ts'
import { PATRONI_LAUNCHER } from '../../orchestrator/plan/render/paths.ts'
import type { ClusterStatus, FleetStatus } from '../../test/support/fleet-status.ts'

const SPEC = 'deploy/examples/quickstart.yml'
const CLUSTER = 'pg-main'
const HOSTS = 3
const HEALTHY_MS = 180_000

/** The cluster of the quickstart: three members, one of them confirms commits. */
export interface BenchCluster {
  readonly lab: Lab
  readonly drover: DroverCommand
  /** Of the primary service, through every host. */
  readonly url: string
  /** Waits until all members stream and one confirms, as seen after `since`. */
  waitUntilWell(): Promise<ClusterStatus>
}

export async function openBenchCluster(request: {
  readonly name: string
  readonly subnet: string
  readonly stockPatroni: boolean
  readonly context: LabContext
}): Promise<BenchCluster> {
  const { name, subnet, context } = request
  await endLabFleet(name, context)
  const agentPackage = await buildAgent(context)
  const fleet = await openLabFleet({ name, subnet, fleetName: 'quickstart' }, context)
  await fleet.startOrchestrator()
  await fleet.bootHosts({ count: HOSTS, os: 'debian13', agentPackage, labels: () => ({}) })
  await fleet.waitForNodes(HOSTS)
  await fleet.drover.require(['apply', '-f', SPEC])
  const waitUntilWell = (): Promise<ClusterStatus> => untilWell(fleet.drover, context.signal)
  if (request.stockPatroni) await leaveOutLauncher(fleet.lab, await waitUntilWell(), waitUntilWell)
  const url = ['cluster', 'psql', CLUSTER, '--service', 'primary', '--all-hosts', '--print']
  return {
    lab: fleet.lab,
    drover: fleet.drover,
    url: (await fleet.drover.require(url)).trim(),
    waitUntilWell,
  }
}

async function untilWell(drover: DroverCommand, signal: AbortSignal): Promise<ClusterStatus> {
  let latest: ClusterStatus | undefined
  await waitUntil({
    what: `${CLUSTER} to be well`,
    timeoutMs: HEALTHY_MS,
    intervalMs: 500,
    signal,
    check: async () => {
      const { clusters } = JSON.parse(await drover.require(['status', '--json'])) as FleetStatus
      latest = clusters.find(cluster => cluster.name === CLUSTER)
      return latest?.state === 'healthy' && latest.members.some(({ role }) => role === 'sync-standby')
    },
    explain: async () => await drover.require(['status']),
  })
  if (latest === undefined) throw new Error(`${CLUSTER} is not there`)
  return latest
}

/** Patroni as its package starts it; standbys first, so that the primary changes once. */
async function leaveOutLauncher(lab: Lab, cluster: ClusterStatus, well: () => Promise<unknown>): Promise<void> {
  const plain = 'import sys\nfrom patroni.__main__ import main\nif __name__ == "__main__":\n    sys.exit(main())\n'
  const isPrimary = ({ name }: { readonly name: string }): number => Number(name === cluster.primary)
  for (const { name, node } of cluster.members.toSorted((left, right) => isPrimary(left) - isPrimary(right))) {
    await lab.exec(node, ['tee', PATRONI_LAUNCHER], { input: plain })
    await lab.exec(node, ['systemctl', 'restart', `drover-patroni@${name}`])
    await well()
  }
}
