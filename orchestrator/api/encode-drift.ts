import type { ClusterDrift as ClusterDriftMessage } from '../../proto/gen/drover/v1/ClusterDrift.ts'
import type { NodeDrift } from '../../proto/gen/drover/v1/NodeDrift.ts'
import type { ClusterDrift, ClusterDriftItem } from '../../shared/domain/cluster-drift.ts'
import type { ClusterName } from '../../shared/domain/ids.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import { currentDrift } from '../inventory/snapshot-builder.ts'
import type { Comparison } from '../operation/compare-hosts.ts'
import type { NodeView } from './fleet-view.ts'

const NOT_ASKED: Comparison = { why: 'it was not asked' }

/** What the agent has just found, or what it said last and why it says nothing now. */
export function encodeNodeDrift({ record, live, manifest }: NodeView, comparison: Comparison = NOT_ASKED): NodeDrift {
  const isNew = 'report' in comparison
  const report = isNew ? comparison.report : currentDrift(live, manifest)
  if (report === undefined) {
    return { node: record.name, items: [], state: 'unknown', detail: isNew ? '' : comparison.why }
  }
  const items = report.items.map(item => ({ ...item, restarts: [...restartsOf(item.name, manifest?.manifest)] }))
  return {
    node: record.name,
    items,
    state: items.length === 0 ? 'ok' : 'drifted',
    checkedAtMs: report.checkedAt - (live.clockOffsetMs ?? 0),
    detail: isNew ? '' : `${comparison.why}; this is what it said last`,
  }
}

function restartsOf(name: string, manifest: Manifest | undefined): readonly string[] {
  const reactions = [
    ...(manifest?.files ?? []).filter(({ path }) => path === name),
    ...(manifest?.certificates ?? []).filter(each => each.name === name),
  ].flatMap(each => each.reactions)
  return [...new Set(reactions.flatMap(({ verb, unit }) => (verb === 'restart' ? [unit] : [])))]
}

/** Undefined: it was not applied yet, stands still, or an operation is just changing it. */
export function encodeClusterDrift(cluster: ClusterName, drift: ClusterDrift | undefined): ClusterDriftMessage {
  if (drift === undefined)
    return {
      cluster,
      state: 'unknown',
      items: [],
      unknown: ['it was not applied yet, stands still, or is just being changed'],
    }
  const { items, unknown, checkedAt } = drift
  return {
    cluster,
    state: items.length > 0 ? 'drifted' : unknown.length > 0 ? 'unknown' : 'ok',
    items: items.map(encodeItem),
    unknown: [...unknown],
    ...(checkedAt === undefined ? {} : { checkedAtMs: checkedAt }),
  }
}

function encodeItem({ kind, name, instance = '', expected, found, repair }: ClusterDriftItem) {
  const command = repair.by === 'apply' ? 'drover apply' : repair.command
  return { kind, name, instance, expected, found, repairedBy: repair.by, command }
}
