import type { ActivityWindow } from '../../../../shared/domain/activity.ts'
import type { DroverError } from '../../../../shared/domain/errors.ts'
import type { ExtensionUpdates, UpdateExtensionsArgs } from '../../../../shared/domain/extension-update.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import type { RuntimeId } from '../../../../shared/domain/runtime.ts'
import { findMembers } from '../../members/find-members.ts'
import type { OperationKind, Program } from '../../program.ts'
import type { OwnSettings } from '../../settings/settings-agree.ts'
import { updateOnPrimary } from '../extensions/update-extensions.ts'
import { chooseTarget, type Target, type TargetRequest } from './choose-target.ts'
import { activityOf, countMembers } from './count-members.ts'
import * as steps from './steps.ts'
import { type WalkReport, walkMembers } from './walk.ts'
import { walkBack } from './walk-back.ts'
import { watchClusters } from './watch-clusters.ts'

/** Nodes on which a runtime is laid out and tried at the same time. */
const NODES_AT_ONCE = 8

export interface UpgradeClusterInput extends TargetRequest {
  readonly awaitSynchronous: boolean
  readonly own: OwnSettings
  /** How long all members are watched before the cluster counts as upgraded, milliseconds. */
  readonly watchMs: number
  /** To be updated at the end, where nothing goes back any more. Absent: none. */
  readonly extensions?: UpdateExtensionsArgs['extensions']
}

export interface UpgradeClusterOutput {
  readonly cluster: ClusterName
  readonly serverVersion: string
  readonly runtime: RuntimeId | null
  /** What its first member ran before. */
  readonly from: RuntimeId | null
  /** In the order of their turns; empty: all had the version. */
  readonly upgraded: readonly InstanceName[]
  readonly leader?: InstanceName
  readonly stallMs: number
  readonly readStallMs: number
  /** What laying out cost, on each node. */
  readonly laidOut: readonly { readonly nodeId: NodeId; readonly sizeBytes: number; readonly triedMs: number }[]
  /** What went through its members from just before the first one stopped to the end of the watch. Absent: all had the version. */
  readonly activity?: ActivityWindow
  /** The same of up to an hour before. */
  readonly activityBefore?: ActivityWindow
  /** Absent: none was to be updated. */
  readonly extensionUpdates?: ExtensionUpdates
}

/**
 * Takes a cluster to another minor version without a failed transaction (docs/upgrades.md). Before any server stops, the version lies on
 * every node of the cluster and has run there. A member that does not come up, or does not stay up, takes all of them back.
 */
export const upgradeCluster: OperationKind<UpgradeClusterInput, UpgradeClusterOutput> = {
  kind: 'upgrade-cluster',
  async run(input, op) {
    const { cluster } = input
    op.phase('choose')
    const target = await op.step(chooseTarget(input))
    const id = target.runtime?.id ?? null
    const to = Object.fromEntries(Object.keys(target.before).map(instance => [instance, id]))
    const left = Object.fromEntries(Object.entries(to).filter(([instance]) => target.before[instance] !== id))
    const from = Object.values(target.before)[0] ?? null
    const output = { cluster, serverVersion: target.serverVersion, runtime: id, from }
    if (Object.keys(left).length === 0)
      return { output: { ...output, upgraded: [], stallMs: 0, readStallMs: 0, laidOut: [] } }

    op.phase('lay out')
    const laidOut = await layOut(target, op)
    op.phase('count')
    const members = await op.step(findMembers(cluster, 'all'))
    const before = await countMembers(members, op)
    const isWayBack = input.back !== undefined
    const report = isWayBack
      ? await walkBack({ ...input, to: left }, op)
      : await walkMembers(
          { ...input, to: left, prove: { serverVersion: target.serverVersion, forMs: input.watchMs } },
          op,
        )
    const trouble = report.failed?.because ?? (await watch(input, target, op))
    if (trouble !== null && isWayBack) throw steps.notUpgraded(cluster, trouble, 'it stays with what it ran before')
    if (trouble !== null) throw await goBack({ input, target, report, trouble }, op)
    const updates = await update(input, op)
    op.phase('count again')
    const after = await countMembers(members, op)
    await op.step(steps.settle(cluster, target))
    const { changed: upgraded, failed: _none, ...walked } = report
    return { output: { ...output, upgraded, ...walked, laidOut, ...activityOf(before, after), ...updates } }
  },
}

async function layOut(target: Target, op: Program): Promise<UpgradeClusterOutput['laidOut']> {
  const { runtime, nodes } = target
  if (runtime !== null) await op.step(steps.fetchRuntime(runtime))
  return await op.each({ items: nodes, atOnce: NODES_AT_ONCE }, async (nodeId, lane) => {
    if (runtime !== null) await lane.step(steps.layOut(nodeId, runtime))
    const { sizeBytes, tookMs } = await lane.step(steps.tryRuntime(nodeId, target))
    return { nodeId, sizeBytes, triedMs: tookMs }
  })
}

/** What PostgreSQL refuses does not take a cluster back: it runs, and its extensions are as they were. */
async function update(
  { cluster, extensions = [] }: UpgradeClusterInput,
  op: Program,
): Promise<Pick<UpgradeClusterOutput, 'extensionUpdates'>> {
  if (extensions.length === 0) return {}
  op.phase('update extensions')
  return { extensionUpdates: await op.step(updateOnPrimary({ cluster, extensions })) }
}

async function watch(
  { cluster, watchMs }: UpgradeClusterInput,
  { serverVersion }: Target,
  op: Program,
): Promise<string | null> {
  op.phase('watch')
  const found = await op.step(watchClusters([{ cluster, serverVersion }], watchMs))
  return found[cluster] ?? null
}

/** Every member that was changed runs again what it ran before. */
async function goBack(
  given: {
    readonly input: UpgradeClusterInput
    readonly target: Target
    readonly report: WalkReport
    readonly trouble: string
  },
  op: Program,
): Promise<DroverError> {
  const { input, target, report, trouble } = given
  const { cluster } = input
  const to = Object.fromEntries(report.changed.map(instance => [instance, target.before[instance] ?? null]))
  const { failed } = await walkBack({ ...input, to }, op)
  if (failed === undefined) return steps.notUpgraded(cluster, trouble, 'all members run what they ran before')
  return steps.notUpgraded(cluster, trouble, `and ${failed.instance} is not back: ${failed.because}`)
}
