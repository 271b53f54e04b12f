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
import type { OperationDetails, OperationSummary } from '../../../../shared/domain/operation.ts'
import type { RuntimeId } from '../../../../shared/domain/runtime.ts'
import { whyNotBegin } from '../../../plan/campaign/may-begin.ts'
import type { ProgramStep } from '../../program.ts'
import type { StepContext } from '../../steps/step-context.ts'
import { tellUpdates } from '../extensions/tell-updates.ts'
import type { UpgradeClusterOutput } from '../upgrade/upgrade-cluster.ts'
import type { CampaignInput } from './campaign.ts'
import { phaseSpans } from './phase-spans.ts'

const KIND = 'upgrade-cluster'
const EXTENSIONS_KIND = 'update-extensions'
const LOOK_MS = 1_000

/** Where clusters wait for their turn. What is under way is kept in memory: after a crash each one that had begun enters again. */
export interface Turnstile {
  readonly input: CampaignInput
  readonly underWay: Map<ClusterName, CampaignCluster>
  readonly failures: () => number
  /** What each cluster is to run. */
  readonly runtimes: ReadonlyMap<ClusterName, RuntimeId | null>
}

export type Turn =
  | { readonly operationId: OperationId }
  | { readonly operationId: null; readonly result: 'left' | 'failed'; readonly because: string }

/**
 * Waits until the caps, the windows and the people let the cluster begin, and begins it. Once too many have failed nobody begins.
 * What it begins is an operation of its own.
 */
export function takeTurn(cluster: CampaignCluster, turnstile: Turnstile): ProgramStep<Turn> {
  const { input, underWay, failures, runtimes } = turnstile
  const { policy } = input
  return {
    title: `begin ${cluster.name}`,
    async act(context) {
      const { children, operationId: parent } = context
      const begun = await children.find({ parent, kind: KIND, cluster: cluster.name })
      if (begun !== null && isMine(begun, context.attempt))
        return { result: { operationId: begun.operationId }, detail: begun.operationId }
      for (let said = ''; ; ) {
        if (failures() > policy.budget) return left('left', 'too many clusters have failed')
        const control = (await context.fleet.campaignControl(parent)) ?? input.control
        const others = [...underWay.values()].filter(other => other !== cluster)
        const why = whyNotBegin(cluster, {
          underWay: others,
          control,
          windows: policy.windows,
          now: context.clock.now(),
        })
        const refused = why ?? (await begin())
        if (typeof refused !== 'string') return refused
        if (refused !== said) context.progress(`${cluster.name} waits: ${refused}`)
        said = refused
        await context.clock.sleep(LOOK_MS, context.signal)
      }

      /** A reason is one that passes. */
      async function begin(): Promise<string | { readonly result: Turn; readonly detail: string }> {
        // At once, so that two do not take the last place.
        underWay.set(cluster.name, cluster)
        try {
          // Extensions have no way back: they are updated once the wave has been watched.
          const runtime = runtimes.get(cluster.name) ?? null
          const request = { cluster: cluster.name, runtime, updateExtensions: false }
          const operationId = await children.begin({ parent, kind: KIND, request })
          return { result: { operationId }, detail: operationId }
        } catch (error) {
          underWay.delete(cluster.name)
          context.signal.throwIfAborted()
          const { code, message } = DroverError.from(error)
          return code === 'locked' ? message : left('failed', message)
        }
      }
    },
  }
}

/** Begun by this very attempt before a crash, or still under way; what failed before somebody resumed the campaign is begun anew. */
function isMine({ state }: OperationSummary, attempt: number): boolean {
  return attempt === 1 || (state !== 'failed' && state !== 'cancelled')
}

function left(result: 'left' | 'failed', because: string): { readonly result: Turn; readonly detail: string } {
  return { result: { operationId: null, result, because }, detail: `warning: ${because}` }
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

/** Takes a cluster back to what it ran before the campaign; answers with how that went. */
export function takeBack({ cluster, from = null }: ClusterReport): ProgramStep<string> {
  return {
    title: `take ${cluster} back`,
    async act(context) {
      const child = await beginWhenFree(context, { kind: KIND, request: { cluster, back: from } })
      const { summary, failure } = await context.children.ended(child, context.signal)
      const said = summary.state === 'done' ? 'it runs again what it ran before' : `not taken back: ${failure?.message}`
      return { result: said, detail: said }
    },
  }
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

async function beginWhenFree(
  context: StepContext,
  child: { readonly kind: string; readonly request: unknown },
): Promise<OperationId> {
  for (;;) {
    try {
      return await context.children.begin({ parent: context.operationId, ...child })
    } catch (error) {
      if (DroverError.from(error).code !== 'locked') throw error
      await context.clock.sleep(LOOK_MS, context.signal)
    }
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
