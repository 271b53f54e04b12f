import type { LayoutNode__Output } from '../../../../proto/gen/drover/v1/LayoutNode.ts'

/** A failure domain with what is inside: narrower domains, or hosts. */
export interface HostGroup {
  /** `zone a`; empty for the whole fleet. */
  readonly title: string
  readonly groups: readonly HostGroup[]
  readonly hosts: readonly LayoutNode__Output[]
}

/** For an orchestrator that does not say over which labels its clusters keep apart. */
const USUAL_LEVELS = ['region', 'zone', 'rack'] as const
const COLLATOR = new Intl.Collator('en', { numeric: true })

/** Hosts by the domains that their labels name, levels from wide to narrow; a level that no host has is left out. */
export function groupHosts(hosts: readonly LayoutNode__Output[], levels: readonly string[]): HostGroup {
  return { title: '', ...inside(withShortNames(hosts), levels.length === 0 ? USUAL_LEVELS : levels) }
}

/** Without their domains, where that leaves them apart. */
function withShortNames(hosts: readonly LayoutNode__Output[]): readonly LayoutNode__Output[] {
  const short = hosts.map(({ node }) => (/^[a-z]/i.test(node) ? (node.split('.', 1)[0] ?? node) : node))
  if (new Set(short).size < hosts.length) return hosts
  return hosts.map((host, index) => ({ ...host, node: short[index] ?? host.node }))
}

function inside(hosts: readonly LayoutNode__Output[], levels: readonly string[]): Omit<HostGroup, 'title'> {
  const [level, ...narrower] = levels
  if (level === undefined) return { groups: [], hosts: [...hosts].sort((a, b) => COLLATOR.compare(a.node, b.node)) }
  if (hosts.every(({ labels }) => labels[level] === undefined)) return inside(hosts, narrower)
  const byValue = Map.groupBy(hosts, ({ labels }) => labels[level])
  const groups = [...byValue]
    .sort(([left], [right]) => compareValues(left, right))
    .map(([value, members]) => ({
      title: value === undefined ? `without ${level}` : `${level} ${value}`,
      ...inside(members, narrower),
    }))
  return { groups, hosts: [] }
}

/** Hosts without the label come last. */
function compareValues(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined)
  return COLLATOR.compare(left, right)
}
