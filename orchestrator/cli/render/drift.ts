import type { ClusterDrift__Output } from '../../../proto/gen/drover/v1/ClusterDrift.ts'
import type { ClusterDriftItem__Output } from '../../../proto/gen/drover/v1/ClusterDriftItem.ts'
import type { DriftResponse__Output } from '../../../proto/gen/drover/v1/DriftResponse.ts'
import type { NodeDrift__Output } from '../../../proto/gen/drover/v1/NodeDrift.ts'
import { table } from './table.ts'
import { duration } from './units.ts'

/** A tree: what drifted on each node and of each cluster, what it should be, what it is, and who repairs it. `now`: Unix milliseconds. */
export function renderDrift({ nodes, clusters }: DriftResponse__Output, now: number): string {
  return [...nodes.map(entry => nodeTree(entry, now)), ...clusters.map(entry => clusterTree(entry, now))].join('')
}

function nodeTree(entry: NodeDrift__Output, now: number): string {
  const { node, state, checkedAtMs, items, detail } = entry
  const rows = items.map(item => [
    `  ${item.kind} ${item.name}`,
    item.detail,
    item.restarts.length === 0 ? 'drover apply' : `drover apply, which restarts ${item.restarts.join(', ')}`,
  ])
  const head = `${node}: ${state}${age(checkedAtMs, now)}${detail === '' ? '' : ` (${detail})`}\n`
  return head + (rows.length === 0 ? '' : table(['  WHAT', 'DIFFERENCE', 'REPAIRED BY'], rows))
}

function clusterTree({ cluster, state, checkedAtMs, items, unknown }: ClusterDrift__Output, now: number): string {
  const groups = Map.groupBy(items, ({ instance }) => instance)
  const own = groups.get('') ?? []
  const rows = [
    ...own.map(item => row(item, '  ')),
    ...[...groups].flatMap(([instance, members]) =>
      instance === '' ? [] : [[`  ${instance}`, '', '', ''], ...members.map(item => row(item, '    '))],
    ),
  ]
  return [
    `${cluster}: ${state}${age(checkedAtMs, now)}\n`,
    rows.length === 0 ? '' : table(['  WHAT', 'EXPECTED', 'FOUND', 'REPAIRED BY'], rows),
    ...unknown.map(part => `  not compared: ${part}\n`),
  ].join('')
}

function row(item: ClusterDriftItem__Output, indent: string): readonly string[] {
  const { kind, name, expected, found, command } = item
  return [`${indent}${kind} ${name}`, expected, found, command]
}

function age(checkedAtMs: number | undefined, now: number): string {
  return checkedAtMs === undefined ? '' : `, compared ${duration(Math.max(0, now - checkedAtMs))} ago`
}
