import type { PlacementExplanation } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Allocations, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { failure, plural } from '../problems.ts'
import { whyNotLabelled, whyNotReady } from './eligibility.ts'
import { chooseSpread, compareNames } from './spread.ts'

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
  const load = (node: SnapshotNode): number =>
    Object.values(snapshot.allocations.clusters).filter(cluster =>
      cluster.members.some(member => member.nodeId === node.id),
    ).length
  const choices = chooseSpread({ candidates, taken: [], count: spec.etcd.members, keys: SPREAD, load })
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
  return { etcd: { token: `drover-${snapshot.fleet.id}`, members }, explanations, problems: [] }
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
