import type { LayoutNode__Output } from '../../../../proto/gen/drover/v1/LayoutNode.ts'
import type { PlanResponse__Output } from '../../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Output } from '../../terminal.ts'
import { nameList } from '../name-list.ts'
import { paint } from '../style.ts'
import { table } from '../table.ts'
import { labels, share } from '../units.ts'
import { wrap } from '../wrap.ts'

const RESOURCES = ['cores', 'memory', 'disk', 'iops'] as const

/** What each host holds in the end, and which share of it that takes; hosts that hold nothing in one line. */
export function hostLines(output: Output, { layout }: PlanResponse__Output): string[] {
  const nodes = layout?.nodes ?? []
  if (nodes.length === 0) return []
  const used = nodes.filter(({ voter, instances }) => voter !== '' || instances.length > 0)
  const idle = nodes.filter(node => !used.includes(node)).map(({ node }) => node)
  const known = RESOURCES.filter(resource => used.some(({ load }) => load?.[resource] !== undefined))
  const [head = '', ...rows] = table(
    ['HOST', 'LABELS', ...known.map(resource => resource.toUpperCase())],
    used.map(node => [node.node, labels(node.labels), ...known.map(resource => share(node.load?.[resource]))]),
  )
    .trimEnd()
    .split('\n')
  return [
    paint(output, 'bold', 'hosts'),
    `  ${head}`,
    ...used.flatMap((node, index) => [
      `  ${rows[index] ?? ''}`,
      ...wrap(held(node), { columns: output.columns, indent: 6 }).map(line => paint(output, 'dim', line)),
    ]),
    ...(idle.length === 0
      ? []
      : wrap(`without any of it: ${nameList(idle)}`, { columns: output.columns, indent: 2, hang: 6 })),
  ]
}

function held({ instances, voter }: LayoutNode__Output): string {
  const members = instances.map(({ instance, purpose }) => `${instance} (${purpose})`)
  return [...members, ...(voter === '' ? [] : [`${voter} (votes)`])].join(', ')
}
