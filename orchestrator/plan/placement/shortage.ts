import type { Problem } from '../../../shared/domain/problem.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { clusterPlace, failure, plural, wordList } from '../problems.ts'
import type { Scene } from './scene.ts'
import type { Seat } from './seats.ts'

/** Nodes whose reason a message tells; the others are counted. */
const SHOWN = 8

/** Why a cluster finds no node for all its missing members, as it was when the search gave up. */
export interface Shortage {
  /** The first that found none. */
  readonly seat: Seat
  /** Missing members of its kind, and for how many there was a node. */
  readonly missing: number
  readonly found: number
  readonly rejected: readonly { readonly node: string; readonly because: string }[]
  /** The values of the isolation label among nodes that could hold a member. */
  readonly domains: readonly string[]
}

/** To be asked while the seats that found a node still have it. */
export function shortageOf(seats: readonly Seat[], { ledger, rules }: Scene): Shortage | undefined {
  const seat = seats.find(each => ledger.nodeOf(each) === undefined)
  if (seat === undefined) return undefined
  const alike = seats.filter(each => each.group === seat.group)
  const { nodes, find } = ledger.fleet
  const taken = new Set(seats.flatMap(each => ledger.nodeOf(each) ?? []))
  const key = seat.cluster.spec.placement.isolation
  const objects = rules.objecting(seat)
  const possible = nodes.filter((_, index) => rules.whyNever(seat, index) === undefined)
  return {
    seat,
    missing: alike.length,
    found: alike.filter(each => ledger.nodeOf(each) !== undefined).length,
    rejected: [
      ...nodes.flatMap((node, index) => {
        const because = taken.has(index) ? undefined : objects(index)?.because()
        return because === undefined ? [] : [{ node: node.name, because }]
      }),
      ...(seat.pinned ?? [])
        .filter(name => find(name) === undefined)
        .map(name => ({ node: name, because: 'does not exist' })),
    ],
    domains: key === undefined ? [] : [...new Set(possible.flatMap(node => node.labels[key] ?? []))].sort(),
  }
}

export function shortageProblem(shortage: Shortage, spec: FleetSpec, nodeCount: number): Problem {
  const { seat, missing, found, rejected, domains } = shortage
  const { cluster, group, pinned } = seat
  const key = group === undefined ? cluster.spec.placement.isolation : undefined
  const who = group === undefined ? `cluster ${cluster.spec.name}` : `${group.name} of cluster ${cluster.spec.name}`
  const isolated = key === undefined ? '' : `, each in a ${key} of its own,`
  const finds = nodeCount === 0 ? 'no node has enrolled' : `finds ${found} of ${plural(nodeCount, 'node')}`
  const values = key === undefined || nodeCount === 0 ? '' : `; ${domainsOf(key, domains)}`
  const reasons = rejected.slice(0, SHOWN).map(({ node, because }) => `${node} ${because}`)
  const more = rejected.length > SHOWN ? [`and ${rejected.length - SHOWN} more`] : []
  const below = group === undefined ? 'members' : `replicas[${cluster.spec.replicas.indexOf(group)}].members`
  return failure({
    code: key === undefined ? 'too-few-nodes' : 'isolation-impossible',
    message: [
      `${who} needs ${plural(missing, 'more node')}${isolated} and ${finds}${values}`,
      [...reasons, ...more].join('; '),
    ]
      .filter(part => part !== '')
      .join(': '),
    hint: key === undefined ? hintFor(shortage) : `Enrol nodes in other ${key}s, or set \`isolation: prefer\`.`,
    ...clusterPlace(
      spec,
      cluster.spec,
      pinned === undefined ? below : below.replace(/members$/, group === undefined ? 'placement.nodes' : 'nodes'),
    ),
  })
}

function domainsOf(key: string, domains: readonly string[]): string {
  if (domains.length === 0) return `no node that could hold one has a ${key}`
  return `nodes that could hold one are in ${key} ${wordList(domains)}`
}

function hintFor({ seat, missing, found }: Shortage): string {
  if (seat.pinned !== undefined) return 'Name other nodes, or leave the choice to Drover.'
  const possible = asked(seat) + found - missing
  return possible === 0
    ? 'Ask for less, or enrol nodes that have it (`drover token create`).'
    : `Enrol more nodes (\`drover token create\`), or set \`members: ${possible}\`.`
}

/** How many members of the kind the spec asks for. */
function asked({ cluster, group }: Seat): number {
  return group?.members ?? cluster.spec.members
}
