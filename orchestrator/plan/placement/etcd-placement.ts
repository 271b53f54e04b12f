import type { PlacementExplanation } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Allocations, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { failure, plural, warning } from '../problems.ts'
import { whyNotLabelled, whyNotReady } from './eligibility.ts'
import { chooseSpread, compareNames, domainName, domainOf } from './spread.ts'

/** Voters keep apart over whatever of these labels the nodes carry. */
const SPREAD = ['region', 'zone', 'rack']

export interface EtcdPlacement {
  readonly etcd: Allocations['etcd']
  readonly explanations: readonly PlacementExplanation[]
  readonly problems: readonly Problem[]
}

/** Which nodes vote. Chosen once; a fleet without clusters needs no voters. */
export function placeEtcd(spec: FleetSpec, snapshot: Snapshot): EtcdPlacement {
  const existing = snapshot.allocations.etcd
  if (existing !== null)
    return { etcd: existing, explanations: [], problems: checkCount(spec, existing.members.length) }
  if (spec.clusters.length === 0) return { etcd: null, explanations: [], problems: [] }
  const rejected: { readonly node: SnapshotNode; readonly because: string }[] = []
  const candidates: SnapshotNode[] = []
  for (const node of [...snapshot.nodes].sort((left, right) => compareNames(left.name, right.name))) {
    const because = whyNotReady(node) ?? whyNotLabelled(node, spec.etcd.labels)
    if (because === undefined) candidates.push(node)
    else rejected.push({ node, because })
  }
  if (candidates.length < spec.etcd.members)
    return { etcd: null, explanations: [], problems: [tooFew({ spec, found: candidates.length, rejected })] }
  const keys = quorumKeys(candidates)
  const choices = chooseSpread({
    candidates,
    taken: [],
    count: spec.etcd.members,
    keys: SPREAD,
    load: instancesOf(snapshot),
    ...(keys.length === 0 ? {} : { cap: { keys, most: minority(spec.etcd.members) } }),
  })
  const members = choices.map(({ node }, index) => ({ name: `etcd-${index + 1}`, nodeId: node.id }))
  const explanations = choices.map((choice, index) => ({
    cluster: 'etcd',
    instance: `etcd-${index + 1}`,
    node: choice.node.name,
    because: choice.because,
    rejected: [
      ...rejected,
      ...choice.passedOver.filter(other => !choices.some(({ node }) => node.id === other.node.id)),
    ].map(({ node, because }) => ({ node: node.name, because })),
  }))
  return {
    etcd: { token: `drover-${snapshot.fleet.id}`, members },
    explanations,
    problems: checkMajority(members, snapshot),
  }
}

/** How many instances a node holds already. */
function instancesOf(snapshot: Snapshot): (node: SnapshotNode) => number {
  const counts = new Map<string, number>()
  for (const { members } of Object.values(snapshot.allocations.clusters))
    for (const { nodeId } of members) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1)
  return node => counts.get(node.id) ?? 0
}

/** The widest label of which there are three values or more, with those wider: only such a one can be lost without the majority. */
function quorumKeys(nodes: readonly SnapshotNode[]): readonly string[] {
  const index = SPREAD.findIndex((_, index) => domains(nodes, SPREAD.slice(0, index + 1)).size >= 3)
  return index < 0 ? [] : SPREAD.slice(0, index + 1)
}

/** The most voters of which the others still are a majority. */
function minority(members: number): number {
  return Math.floor((members - 1) / 2)
}

function domains(nodes: readonly SnapshotNode[], keys: readonly string[]): ReadonlySet<string> {
  const labelled = nodes.filter(node => keys.some(key => node.labels[key] !== undefined))
  return new Set(labelled.map(node => domainOf(node, keys)))
}

/** Warns when the loss of one domain would stop etcd, and with it every failover. One voter alone is a choice. */
function checkMajority(members: readonly { readonly nodeId: string }[], snapshot: Snapshot): readonly Problem[] {
  if (members.length < 3) return []
  const voters = members.flatMap(({ nodeId }) => snapshot.nodes.find(node => node.id === nodeId) ?? [])
  const labelled = SPREAD.filter(key => domains(snapshot.nodes, [key]).size > 1)
  const keys = [quorumKeys(snapshot.nodes), SPREAD.slice(0, SPREAD.indexOf(labelled[0] ?? '') + 1)].find(
    each => each.length > 0,
  )
  if (keys === undefined) return []
  const groups = Map.groupBy(voters, node => domainOf(node, keys))
  const narrowest = keys.at(-1) ?? ''
  return [...groups.values()].flatMap(group => {
    const [first] = group
    if (group.length <= minority(members.length)) return []
    const where =
      first?.labels[narrowest] === undefined
        ? `on nodes without a ${narrowest}, which may fail together: then`
        : `in ${domainName(first, keys)}: if it fails,`
    return [
      warning({
        code: 'etcd-majority-in-one-domain',
        message: `${group.length} of ${members.length} etcd voters are ${where} no cluster of the fleet can fail over`,
        hint: `Enrol nodes in a third ${narrowest} before the first apply, which chooses the voters for good.`,
        path: 'etcd.members',
      }),
    ]
  })
}

function checkCount(spec: FleetSpec, count: number): readonly Problem[] {
  if (spec.etcd.members === count) return []
  return [
    failure({
      code: 'etcd-resize-not-supported',
      message: `etcd has ${plural(count, 'voter')} and the spec asks for ${spec.etcd.members}; this version does not change the number of voters`,
      hint: `Set \`etcd.members: ${count}\`.`,
      path: 'etcd.members',
    }),
  ]
}

function tooFew({
  spec,
  found,
  rejected,
}: {
  readonly spec: FleetSpec
  readonly found: number
  readonly rejected: readonly { readonly node: SnapshotNode; readonly because: string }[]
}): Problem {
  const odd = found % 2 === 1 ? found : found - 1
  const reasons = rejected.map(({ node, because }) => `${node.name} ${because}`)
  return failure({
    code: 'too-few-nodes',
    message: `etcd needs ${plural(spec.etcd.members, 'node')} and finds ${found}${reasons.length === 0 ? '' : `: ${reasons.slice(0, 8).join('; ')}`}`,
    hint:
      odd > 0
        ? `Enrol more nodes (\`drover token create\`), or set \`etcd.members: ${odd}\`.`
        : 'Enrol nodes first: `drover token create`.',
    path: 'etcd.members',
  })
}
