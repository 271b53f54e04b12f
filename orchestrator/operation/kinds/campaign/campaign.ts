import type {
  CampaignCluster,
  CampaignControl,
  CampaignPolicy,
  CampaignReport,
  ClusterExtensions,
  ClusterReport,
  Wave,
} from '../../../../shared/domain/campaign.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import { forgetCampaignControl } from '../../../inventory/fleet-campaign.ts'
import type { Lane, OperationKind } from '../../program.ts'
import { watchClusters } from '../upgrade/watch-clusters.ts'
import { collectRuntimes, findUnused } from './collect.ts'
import { refuseUnfit } from './look.ts'
import { lookBeforehand, tryBeforehand } from './look-beforehand.ts'
import * as steps from './steps.ts'
import { type Turnstile, WAITING } from './turn.ts'
import { watchWave } from './watch-wave.ts'

const EXTENSIONS_AT_ONCE = 4

const nameOf = ({ cluster }: ClusterReport): ClusterName => cluster
const WATCHED = {
  nameOf,
  watch: watchClusters,
  wayBack: (report: ClusterReport) => ({ what: report.cluster, step: steps.takeBack(report) }),
}

export interface CampaignInput {
  readonly policy: CampaignPolicy
  readonly control: CampaignControl
  /** `17.12`; absent: the newest on offer for each cluster's major version. */
  readonly to?: string
  /** Held releases that somebody has named all the same. */
  readonly allowHeld: readonly string[]
  /** How long a cluster's members are watched at the end of its own upgrade; absent: as is usual for one. */
  readonly watchSeconds?: number
  readonly clusters: readonly CampaignCluster[]
  readonly waves: readonly Wave[]
}

/**
 * Takes a fleet to another minor version, wave by wave (docs/upgrades.md). Each cluster is an operation of its own, which takes itself
 * back when it fails. After each wave its clusters are watched; when one is not well, those of the wave that are not go back, and nothing
 * more is begun.
 */
export const campaign: OperationKind<CampaignInput, CampaignReport> = {
  kind: 'upgrade',
  async run(input, op) {
    const { waves, policy } = input
    const clusters = new Map(input.clusters.map(cluster => [cluster.name, cluster]))
    const underWay = new Map<ClusterName, CampaignCluster>()
    const reports: ClusterReport[] = []
    const extensions: ClusterExtensions[] = []
    const failures = (): number => reports.filter(({ result }) => result === 'failed').length
    const nodes = [...new Set(input.clusters.flatMap(cluster => cluster.nodes.map(({ id }) => id)))]

    const { plan, chosen } = await tryBeforehand(input, await lookBeforehand(input, op), op)
    if (plan.clusters.some(({ refused }) => refused)) await collect()
    refuseUnfit(plan)
    const runtimes = new Map(chosen.targets.map(({ cluster, runtime }) => [cluster, runtime]))
    const turnstile: Turnstile = { policy, control: input.control, underWay, failures }
    for (const wave of waves) {
      op.phase(wave.name)
      const ended = await op.each({ items: wave.clusters, atOnce: WAITING }, (name, lane) =>
        upgradeOne(clusters.get(name), lane),
      )
      const upgraded = ended.flatMap(report => (report?.result === 'upgraded' ? [report] : []))
      const watched = { ...WATCHED, name: wave.name, upgraded, soakMs: policy.soakMs }
      const failure = await watchWave(watched, op)
      if (failure !== null) throw failure
      if (failures() > policy.budget) throw steps.stopped(reports, waves)
      const due = upgraded.map(nameOf).filter(name => clusters.get(name)?.updateExtensions === true)
      if (due.length === 0) continue
      op.phase(`${wave.name}: extensions`)
      extensions.push(
        ...(await op.each({ items: due, atOnce: EXTENSIONS_AT_ONCE }, (name, lane) =>
          lane.step(steps.updateExtensionsOf(name)),
        )),
      )
    }
    await collect()
    const output = { clusters: reports, ...(extensions.length === 0 ? {} : { extensions }) }
    return { output, alongside: [forgetCampaignControl(op.operationId)] }

    async function collect(): Promise<void> {
      op.phase('collect')
      const items = await op.step(findUnused(nodes))
      await op.each({ items, atOnce: 8 }, (nodeId, lane) => lane.step(collectRuntimes(nodeId)))
    }

    async function upgradeOne(cluster: CampaignCluster | undefined, lane: Lane): Promise<ClusterReport | null> {
      if (cluster === undefined) return null
      const turn = await lane.step(
        steps.upgradeInTurn(cluster, turnstile, { runtimes, watchSeconds: input.watchSeconds }),
      )
      if (turn.operationId === null) return keep({ cluster: cluster.name, ...turn, operationId: null })
      underWay.set(cluster.name, cluster)
      try {
        return keep(await lane.step(steps.follow(cluster.name, turn.operationId)))
      } finally {
        underWay.delete(cluster.name)
      }
    }

    function keep(report: ClusterReport): ClusterReport {
      reports.push(report)
      return report
    }
  },
}
