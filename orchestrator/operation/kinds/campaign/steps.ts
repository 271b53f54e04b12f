import type {
  CampaignCluster,
  CampaignReport,
  ClusterExtensions,
  ClusterReport,
  Wave,
} from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ExtensionUpdates } from '../../../../shared/domain/extension-update.ts'
import type { ClusterName, OperationId } from '../../../../shared/domain/ids.ts'
import type { OperationDetails } from '../../../../shared/domain/operation.ts'
import type { RuntimeId } from '../../../../shared/domain/runtime.ts'
import type { ProgramStep } from '../../program.ts'
import { tellUpdates } from '../extensions/tell-updates.ts'
import type { UpgradeClusterOutput } from '../upgrade/upgrade-cluster.ts'
import { phaseSpans } from './phase-spans.ts'
import { beginWhenFree, type Turn, type Turnstile, takeBackBy, takeTurn } from './turn.ts'

const KIND = 'upgrade-cluster'
const EXTENSIONS_KIND = 'update-extensions'

/** Waits for the cluster's turn. Its upgrade is an operation of its own. */
export function upgradeInTurn(
  cluster: CampaignCluster,
  turnstile: Turnstile,
  given: {
    /** What each cluster is to run. */
    readonly runtimes: ReadonlyMap<ClusterName, RuntimeId | null>
    readonly watchSeconds: number | undefined
  },
): ProgramStep<Turn> {
  const { runtimes, watchSeconds } = given
  const runtime = runtimes.get(cluster.name) ?? null
  // Extensions have no way back: they are updated once the wave has been watched.
  const request = { cluster: cluster.name, runtime, updateExtensions: false, watchSeconds }
  const by = { cluster: cluster.name }
  return takeTurn(cluster, { what: cluster.name, kind: KIND, request, by }, turnstile)
}

/** A cluster that fails is a result: it has taken itself back, and the budget says what follows from it. */
export function follow(cluster: ClusterName, child: OperationId): ProgramStep<ClusterReport> {
  return {
    title: `upgrade ${cluster}`,
    async act(context) {
      const report = reportOf(cluster, await context.children.ended(child, context.signal))
      const { result, because, stallMs, serverVersion } = report
      if (result !== 'upgraded') return { result: report, detail: `warning: ${because ?? 'failed'}` }
      return { result: report, detail: `${serverVersion}; writers waited for ${stallMs ?? 0} ms at most` }
    },
  }
}

/** Pure. */
export function reportOf(cluster: ClusterName, details: OperationDetails): ClusterReport {
  const { summary, failure, output } = details
  const { operationId, state, createdAt: begunAt, endedAt } = summary
  const times = { operationId, begunAt, ...(endedAt === undefined ? {} : { endedAt }), phases: phaseSpans(details) }
  if (state !== 'done') return { cluster, result: 'failed', because: failure?.message ?? state, ...times }
  const { serverVersion, stallMs, readStallMs, from, activity, activityBefore } = output as UpgradeClusterOutput
  return {
    cluster,
    result: 'upgraded',
    serverVersion,
    stallMs,
    readStallMs,
    from,
    ...times,
    ...(activity === undefined ? {} : { activity }),
    ...(activityBefore === undefined ? {} : { activityBefore }),
  }
}

/** To what it ran before the campaign. */
export function takeBack({ cluster, from = null }: ClusterReport): ProgramStep<string> {
  return takeBackBy(cluster, { kind: KIND, request: { cluster, back: from } })
}

/** Never fails the upgrade: what is not updated is told. */
export function updateExtensionsOf(cluster: ClusterName): ProgramStep<ClusterExtensions> {
  return {
    title: `update the extensions of ${cluster}`,
    async act(context) {
      const { children, operationId: parent } = context
      const begun = await children.find({ parent, kind: EXTENSIONS_KIND, cluster })
      const id = begun?.operationId ?? (await beginWhenFree(context, { kind: EXTENSIONS_KIND, request: { cluster } }))
      const { summary, output, failure } = await children.ended(id, context.signal)
      if (summary.state === 'done') {
        const updates = output as ExtensionUpdates
        return { result: { cluster, ...updates }, detail: tellUpdates(updates) }
      }
      const because = failure?.message ?? summary.state
      return { result: { cluster, because }, detail: `warning: ${because}` }
    },
  }
}

/** The failure of a campaign whose budget is spent. */
export function stopped(reports: CampaignReport['clusters'], waves: readonly Wave[]): DroverError {
  const failed = reports.filter(({ result }) => result === 'failed')
  const done = reports.filter(({ result }) => result === 'upgraded').length
  const all = waves.flatMap(({ clusters }) => clusters).length
  const said = failed.map(({ cluster, because }) => `${cluster}: ${because}`).join('; ')
  return new DroverError('failed', `the upgrade ends here, with ${done} of ${all} clusters upgraded: ${said}`, {
    retryable: false,
    hint: 'what is upgraded stays so; mend what failed and start again, or drover cluster upgrade NAME --to VERSION takes one back',
  })
}
