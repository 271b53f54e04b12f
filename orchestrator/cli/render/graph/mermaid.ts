import type { LayoutNode__Output } from '../../../../proto/gen/drover/v1/LayoutNode.ts'
import { share } from '../units.ts'
import type { HostGroup } from './group-hosts.ts'
import { ROLES } from './roles.ts'

/** A Mermaid flowchart: domains and hosts as nested boxes, instances by role, arrows from the primary or standby leader of each cluster to those that follow it. */
export function renderMermaid(fleet: HostGroup): string {
  const hosts = hostsOf(fleet)
  const ids = new Map(hosts.flatMap(({ instances }) => instances).map(({ instance }, index) => [instance, `i${index}`]))
  let boxes = 0
  const lines = [
    'flowchart TB',
    ...groupLines(fleet, 1),
    ...replication(hosts).map(([from, to]) => `  ${ids.get(from) ?? ''} --> ${ids.get(to) ?? ''}`),
    ...Object.entries(ROLES).map(
      ([role, { fill, text }]) => `  classDef ${className(role)} fill:${fill},color:${text},stroke:#57606a`,
    ),
  ]
  return `${lines.join('\n')}\n`

  function groupLines(group: HostGroup, depth: number): string[] {
    return [
      ...group.groups.flatMap(each => box({ title: each.title, lines: groupLines(each, depth + 1), depth })),
      ...group.hosts.flatMap(host => hostLines(host, depth)),
    ]
  }

  function hostLines(host: LayoutNode__Output, depth: number): string[] {
    const title = [host.node, loadText(host), host.voter === '' ? '' : `votes as ${host.voter}`]
      .filter(part => part !== '')
      .join('<br/>')
    const instances = host.instances.map(
      ({ instance, purpose }) =>
        `${'  '.repeat(depth + 1)}${ids.get(instance) ?? ''}["${quoted(`${instance}<br/>${purpose}`)}"]:::${className(purpose)}`,
    )
    if (instances.length > 0) return box({ title, lines: instances, depth })
    boxes += 1
    return [`${'  '.repeat(depth)}b${boxes}["${quoted(title)}"]`]
  }

  function box(parts: { readonly title: string; readonly lines: readonly string[]; readonly depth: number }): string[] {
    boxes += 1
    const indent = '  '.repeat(parts.depth)
    return [`${indent}subgraph b${boxes}["${quoted(parts.title)}"]`, ...parts.lines, `${indent}end`]
  }
}

function hostsOf(group: HostGroup): readonly LayoutNode__Output[] {
  return [...group.groups.flatMap(hostsOf), ...group.hosts]
}

function replication(hosts: readonly LayoutNode__Output[]): readonly (readonly [string, string])[] {
  const byCluster = Map.groupBy(
    hosts.flatMap(({ instances }) => instances),
    ({ cluster }) => cluster,
  )
  return [...byCluster.values()].flatMap(members => {
    const leader = members.find(({ purpose }) => purpose === 'primary' || purpose === 'standby-leader')
    if (leader === undefined) return []
    return members.flatMap(({ instance }) =>
      instance === leader.instance ? [] : [[leader.instance, instance] as const],
    )
  })
}

function loadText({ load }: LayoutNode__Output): string {
  const parts = (['cores', 'memory', 'disk', 'iops'] as const).flatMap(name =>
    load?.[name] === undefined ? [] : [`${name} ${share(load[name])}`],
  )
  return parts.join(', ')
}

/** A dash may end a name in some versions of Mermaid. */
function className(role: string): string {
  return role.replaceAll('-', '_')
}

/** Mermaid writes a double quote inside a quoted text as an entity of its own. */
function quoted(text: string): string {
  return text.replaceAll('"', '#quot;')
}
