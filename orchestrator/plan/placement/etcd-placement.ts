import type { PlacementExplanation } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Allocations, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { failure, plural, warning } from '../problems.ts'
import { voterChangeBlocker } from '../voters/change-voters.ts'
import { decideVoters, withVoters } from '../voters/decide-voters.ts'
import { voterState } from '../voters/voter-state.ts'
import { whyNotLabelled, whyNotReady } from './eligibility.ts'
import { type Choice, chooseSpread, compareNames, domainName, domainOf } from './spread.ts'

/** Voters keep apart over whatever of these labels the nodes carry. */
const SPREAD = ['region', 'zone', 'rack']

export interface EtcdPlacement {
  readonly etcd: Allocations['etcd']
  readonly explanations: readonly PlacementExplanation[]
  readonly problems: readonly Problem[]
}

/**
 * Which nodes vote. Voters that exist stay, unless their node is drained or no more, or they are too many; newcomers take their
 * places. A fleet without clusters needs no voters.
 */
export function placeEtcd(spec: FleetSpec, snapshot: Snapshot): EtcdPlacement {
  const existing = snapshot.allocations.etcd
  if (existing === null) return spec.clusters.length === 0 ? NONE : foundEtcd(spec, snapshot)
  const decision = decideVoters(existing, spec.etcd.members, snapshot)
  const { missing, staying, leaving } = decision
  if (missing === 0 && leaving.length === 0 && staying.every(({ joining }) => joining !== true))
    return { etcd: existing, explanations: [], problems: [] }
  const blocker = voterChangeBlocker(voterState(existing, snapshot))
  if (blocker !== undefined) return { etcd: existing, explanations: [], problems: [noMajority(blocker)] }
  const taken = snapshot.nodes.filter(({ id }) => [...staying, ...leaving].some(({ nodeId }) => nodeId === id))
  const { candidates, rejected } = candidatesFor(spec, snapshot, taken)
  if (candidates.length < missing)
    return {
      etcd: existing,
      explanations: [],
      problems: [tooFew({ spec, found: staying.length + candidates.length, rejected })],
    }
  const stayOn = taken.filter(({ id }) => staying.some(({ nodeId }) => nodeId === id))
  const choices = choose({ spec, snapshot, candidates, taken: stayOn, count: missing })
  const etcd = withVoters(
    existing,
    decision,
    choices.map(({ node }) => node),
    snapshot,
  )
  const names = etcd.members.slice(-choices.length).map(({ name }) => name)
  return {
    etcd,
    explanations: explained(choices, names, rejected),
    problems: choices.length === 0 ? [] : checkMajority(etcd.members, snapshot),
  }
}

const NONE: EtcdPlacement = { etcd: null, explanations: [], problems: [] }

function foundEtcd(spec: FleetSpec, snapshot: Snapshot): EtcdPlacement {
  const { candidates, rejected } = candidatesFor(spec, snapshot, [])
  if (candidates.length < spec.etcd.members)
    return { etcd: null, explanations: [], problems: [tooFew({ spec, found: candidates.length, rejected })] }
  const choices = choose({ spec, snapshot, candidates, taken: [], count: spec.etcd.members })
  const members = choices.map(({ node }, index) => ({ name: `etcd-${index + 1}`, nodeId: node.id }))
  return {
    etcd: { token: `drover-${snapshot.fleet.id}`, members },
    explanations: explained(
      choices,
      members.map(({ name }) => name),
      rejected,
    ),
    problems: checkMajority(members, snapshot),
  }
}

interface Rejected {
  readonly node: SnapshotNode
  readonly because: string
}

/** By name; those that vote already are neither candidates nor rejected. */
function candidatesFor(
  spec: FleetSpec,
  snapshot: Snapshot,
  taken: readonly SnapshotNode[],
): { readonly candidates: readonly SnapshotNode[]; readonly rejected: readonly Rejected[] } {
  const rejected: Rejected[] = []
  const candidates: SnapshotNode[] = []
  for (const node of [...snapshot.nodes].sort((left, right) => compareNames(left.name, right.name))) {
    if (taken.includes(node)) continue
    const because = whyNotReady(node) ?? whyNotLabelled(node, spec.etcd.labels)
    if (because === undefined) candidates.push(node)
    else rejected.push({ node, because })
  }
  return { candidates, rejected }
}

function choose({
  spec,
  snapshot,
  candidates,
  taken,
  count,
}: {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly candidates: readonly SnapshotNode[]
  readonly taken: readonly SnapshotNode[]
  readonly count: number
}): readonly Choice[] {
  const keys = quorumKeys([...taken, ...candidates])
  return chooseSpread({
    candidates,
    taken,
    count,
    keys: SPREAD,
    load: instancesOf(snapshot),
    ...(keys.length === 0 ? {} : { cap: { keys, most: minority(spec.etcd.members) } }),
  })
}

function explained(
  choices: readonly Choice[],
  names: readonly string[],
  rejected: readonly Rejected[],
): readonly PlacementExplanation[] {
  return choices.map((choice, index) => ({
    cluster: 'etcd',
    instance: names[index] ?? '',
    node: choice.node.name,
    because: choice.because,
    rejected: [
      ...rejected,
      ...choice.passedOver.filter(other => !choices.some(({ node }) => node.id === other.node.id)),
    ].map(({ node, because }) => ({ node: node.name, because })),
  }))
}

function noMajority(blocker: string): Problem {
  return failure({
    code: 'etcd-without-majority',
    message: `the voters of etcd cannot be changed: ${blocker}`,
    hint: 'Bring voters back first: `drover status` shows them. When they are lost for good, etcd has to be restored from the data of one that is left (docs/operations.md).',
    path: 'etcd.members',
  })
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
