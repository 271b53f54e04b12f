import { instanceName } from '../../../shared/domain/ids.ts'
import type { PlacementExplanation } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Allocations, ClusterAllocation, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { slowestFsync } from '../disk-latency.ts'
import { platformOf } from '../node-view.ts'
import { majorOn } from '../operating-systems.ts'
import { clusterPlace, failure, plural } from '../problems.ts'
import { type EligibilityInput, whyNotEligible } from './eligibility.ts'
import { placeEtcd } from './etcd-placement.ts'
import { choosePlatform } from './platform-choice.ts'
import { freePortBlock, portsClash } from './ports.ts'
import { type Choice, chooseSpread, compareNames, domainOf } from './spread.ts'

export interface Placement {
  readonly allocations: Allocations
  readonly explanations: readonly PlacementExplanation[]
  readonly problems: readonly Problem[]
}

/**
 * Which node runs what. What is allocated stays; members of one cluster never share a node; clusters are placed in the
 * order of the file. The first member of a new cluster becomes its first primary.
 */
export function place(spec: FleetSpec, snapshot: Snapshot): Placement {
  const etcd = placeEtcd(spec, snapshot)
  let allocations: Allocations = { etcd: etcd.etcd, clusters: snapshot.allocations.clusters }
  const explanations = [...etcd.explanations]
  const problems = [...etcd.problems]
  for (const cluster of spec.clusters) {
    const placed = placeCluster({ spec, snapshot, allocations, cluster })
    explanations.push(...placed.explanations)
    problems.push(...placed.problems)
    if (placed.allocation === undefined) continue
    allocations = { ...allocations, clusters: { ...allocations.clusters, [cluster.name]: placed.allocation } }
  }
  return { allocations, explanations, problems }
}

interface ClusterInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
  readonly cluster: ClusterSpec
}

interface ClusterPlacement {
  readonly allocation?: ClusterAllocation
  readonly explanations: readonly PlacementExplanation[]
  readonly problems: readonly Problem[]
}

function placeCluster(input: ClusterInput): ClusterPlacement {
  const existing = input.allocations.clusters[input.cluster.name]
  const missing = input.cluster.members - (existing?.members.length ?? 0)
  if (existing !== undefined && missing <= 0)
    return { allocation: existing, explanations: [], problems: checkIsolation(input, existing) }
  const sorted = sortCandidates(input, existing)
  const choices = choose({ input, existing, missing, candidates: sorted.eligible })
  if (choices.length < missing)
    return {
      explanations: [],
      problems: [tooFewNodes({ input, missing, found: choices.length, rejected: sorted.rejected })],
    }
  return allocate({ input, existing, choices, rejected: sorted.rejected })
}

interface Rejected {
  readonly node: SnapshotNode
  readonly because: string
}

/** Splits the nodes into those that could hold a member and those that could not, each with its reason. */
function sortCandidates(
  input: ClusterInput,
  existing: ClusterAllocation | undefined,
): { readonly eligible: readonly SnapshotNode[]; readonly rejected: readonly Rejected[] } {
  const { cluster, snapshot } = input
  const named = cluster.placement.nodes
  const holders = memberNodes(snapshot, existing)
  const eligibility: EligibilityInput = {
    ...input,
    platform: holders[0] === undefined ? undefined : platformOf(holders[0]),
    checkLabels: named === undefined,
  }
  const eligible: SnapshotNode[] = []
  const rejected: Rejected[] = []
  for (const node of [...snapshot.nodes].sort((left, right) => compareNames(left.name, right.name))) {
    const because =
      (named !== undefined && !named.includes(node.name) ? 'is not among placement.nodes' : undefined) ??
      (holders.some(holder => holder.id === node.id) ? `holds a member of ${cluster.name} already` : undefined) ??
      whyNotEligible(node, eligibility)
    if (because === undefined) eligible.push(node)
    else rejected.push({ node, because })
  }
  const unknown = (named ?? []).filter(name => !snapshot.nodes.some(node => node.name === name))
  for (const name of unknown)
    rejected.push({ node: { id: '', name, state: 'removed', address: '', labels: {} }, because: 'does not exist' })
  return { eligible, rejected }
}

function choose({
  input,
  existing,
  missing,
  candidates,
}: {
  readonly input: ClusterInput
  readonly existing: ClusterAllocation | undefined
  readonly missing: number
  readonly candidates: readonly SnapshotNode[]
}): readonly Choice[] {
  const { cluster, snapshot, allocations } = input
  const { spread, nodes, isolation } = cluster.placement
  const platform = existing === undefined ? choosePlatform({ candidates, cluster, isolation }) : candidates
  if (nodes !== undefined) {
    return nodes
      .flatMap(name => platform.find(node => node.name === name) ?? [])
      .slice(0, missing)
      .map(node => ({ node, because: 'named in placement.nodes', passedOver: [] }))
  }
  const taken = memberNodes(snapshot, existing)
  const choices = chooseSpread({
    candidates: platform,
    taken,
    count: missing,
    keys: spread,
    load: node => instancesOn(allocations, node),
  })
  return isolation === undefined ? choices : onlyFresh({ choices, taken, key: isolation })
}

/** Under required isolation a choice in a domain that holds a member is no choice. */
function onlyFresh({
  choices,
  taken,
  key,
}: {
  readonly choices: readonly Choice[]
  readonly taken: readonly SnapshotNode[]
  readonly key: string
}): readonly Choice[] {
  const used = new Set(taken.map(node => domainOf(node, [key])))
  return choices.filter(({ node }) => {
    const fresh = !used.has(domainOf(node, [key]))
    used.add(domainOf(node, [key]))
    return fresh
  })
}

function allocate({
  input,
  existing,
  choices,
  rejected,
}: {
  readonly input: ClusterInput
  readonly existing: ClusterAllocation | undefined
  readonly choices: readonly Choice[]
  readonly rejected: readonly Rejected[]
}): ClusterPlacement {
  const { cluster, spec, allocations } = input
  const first = existing?.nextNumber ?? 1
  const added = choices.map(({ node }, index) => ({
    instance: instanceName(cluster.name, first + index),
    number: first + index,
    nodeId: node.id,
  }))
  const members = [...(existing?.members ?? []), ...added]
  const others = Object.entries(allocations.clusters).flatMap(([name, other]) => (name === cluster.name ? [] : [other]))
  const nodeIds = members.map(member => member.nodeId)
  const portBlock = existing?.portBlock ?? freePortBlock(nodeIds, others)
  if (portBlock === undefined || portsClash(portBlock, nodeIds, others)) {
    return {
      explanations: [],
      problems: [
        failure({
          code: 'ports-taken',
          message: `cluster ${cluster.name} cannot keep one block of ports on all its nodes: another cluster there uses it`,
          hint: 'Choose other nodes for the new members with `placement.nodes` or labels.',
          ...clusterPlace(spec, cluster, 'placement'),
        }),
      ],
    }
  }
  const fsync = existing === undefined ? slowestFsync(choices.map(({ node }) => node)) : existing.fsync
  const allocation: ClusterAllocation = {
    portBlock,
    postgresVersion: existing?.postgresVersion ?? majorOn(choices[0]?.node.os ?? '', cluster.postgresVersion),
    nextNumber: first + added.length,
    members,
    ...(fsync === undefined ? {} : { fsync }),
    bootstrapped: existing?.bootstrapped ?? false,
  }
  return {
    allocation,
    explanations: choices.map((choice, index) =>
      explain({ cluster: cluster.name, instance: added[index]?.instance ?? '', choice, choices, rejected }),
    ),
    problems: [],
  }
}

function explain({
  cluster,
  instance,
  choice,
  choices,
  rejected,
}: {
  readonly cluster: string
  readonly instance: string
  readonly choice: Choice
  readonly choices: readonly Choice[]
  readonly rejected: readonly Rejected[]
}): PlacementExplanation {
  const passedOver = choice.passedOver.filter(other => !choices.some(({ node }) => node.id === other.node.id))
  return {
    cluster,
    instance,
    node: choice.node.name,
    because: choice.because,
    rejected: [...rejected, ...passedOver].map(({ node, because }) => ({ node: node.name, because })),
  }
}

function tooFewNodes({
  input,
  missing,
  found,
  rejected,
}: {
  readonly input: ClusterInput
  readonly missing: number
  readonly found: number
  readonly rejected: readonly Rejected[]
}): Problem {
  const { cluster, snapshot, spec } = input
  const { isolation } = cluster.placement
  const reasons = rejected.map(({ node, because }) => `${node.name} ${because}`)
  const isolated = isolation === undefined ? '' : `, each in a ${isolation} of its own,`
  const shortage = `cluster ${cluster.name} needs ${plural(missing, 'more node')}${isolated} and ${snapshot.nodes.length === 0 ? 'no node has enrolled' : `finds ${found} of ${plural(snapshot.nodes.length, 'node')}`}`
  return failure({
    code: isolated === '' ? 'too-few-nodes' : 'isolation-impossible',
    message:
      reasons.length === 0
        ? shortage
        : `${shortage}: ${reasons.slice(0, 8).join('; ')}${reasons.length > 8 ? `; and ${reasons.length - 8} more` : ''}`,
    hint:
      isolated === ''
        ? withoutIsolation(cluster, cluster.members - missing + found)
        : `Enrol nodes in other ${isolation}s, or set \`isolation: prefer\`.`,
    ...clusterPlace(spec, cluster, cluster.placement.nodes === undefined ? 'members' : 'placement.nodes'),
  })
}

function withoutIsolation(cluster: ClusterSpec, possible: number): string {
  if (cluster.placement.nodes !== undefined) return 'Name other nodes, or leave the choice to Drover.'
  return possible === 0
    ? 'Ask for less, or enrol nodes that have it (`drover token create`).'
    : `Enrol more nodes (\`drover token create\`), or set \`members: ${possible}\`.`
}

/** Members cannot be moved yet, so a cluster that breaks a newly required isolation is a problem, not a silent compromise. */
function checkIsolation({ cluster, snapshot, spec }: ClusterInput, existing: ClusterAllocation): readonly Problem[] {
  const key = cluster.placement.isolation
  if (key === undefined) return []
  const domains = memberNodes(snapshot, existing).map(node => domainOf(node, [key]))
  if (new Set(domains).size === domains.length) return []
  return [
    failure({
      code: 'isolation-broken',
      message: `members of cluster ${cluster.name} share a ${key}: ${domains.join('; ')}`,
      hint: 'Set `isolation: prefer`; this version does not move members.',
      ...clusterPlace(spec, cluster, 'placement.isolation'),
    }),
  ]
}

function memberNodes(snapshot: Snapshot, allocation: ClusterAllocation | undefined): readonly SnapshotNode[] {
  return (allocation?.members ?? []).flatMap(member => snapshot.nodes.find(node => node.id === member.nodeId) ?? [])
}

function instancesOn(allocations: Allocations, node: SnapshotNode): number {
  return Object.values(allocations.clusters).filter(cluster =>
    cluster.members.some(member => member.nodeId === node.id),
  ).length
}
