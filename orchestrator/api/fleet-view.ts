import type { NodeFacts } from '../../shared/domain/facts.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { Allocations, NodeState } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { FactsStore, StoredFacts } from '../inventory/facts-store.ts'
import type { AppliedManifest, FleetState } from '../inventory/fleet-state.ts'
import type { LiveNode, LiveNodes } from '../inventory/live-nodes.ts'
import type { NodeRecord } from '../inventory/node-record.ts'
import type { NodeRegistry } from '../inventory/node-registry.ts'

export interface NodeView {
  readonly record: NodeRecord
  readonly live: LiveNode
  /** With `silent` for a node that should talk and does not. */
  readonly state: NodeState
  readonly facts?: NodeFacts
  readonly manifest?: AppliedManifest
}

/** Everything that status, drift and node lists are made from, at one moment. */
export interface FleetView {
  /** Unix milliseconds. */
  readonly now: number
  readonly nodes: ReadonlyMap<NodeId, NodeView>
  readonly allocations: Allocations
  readonly spec?: FleetSpec
}

export interface ViewSources {
  readonly registry: NodeRegistry
  readonly live: LiveNodes
  readonly facts: FactsStore
  readonly state: FleetState
  readonly clock: Pick<Clock, 'now' | 'sleep'>
}

/** Reads the view; removed nodes are left out. */
export async function readView(sources: ViewSources): Promise<FleetView> {
  const { registry, live, facts, state, clock } = sources
  const [records, allFacts, manifests, allocations, spec] = await Promise.all([
    registry.list(),
    facts.all(),
    state.manifests(),
    state.allocations(),
    state.appliedSpec(),
  ])
  const nodes = records
    .filter(record => record.state !== 'removed')
    .sort((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true }))
    .map(record => viewOf({ record, live, facts: allFacts.get(record.id), manifest: manifests.get(record.id) }))
  return {
    now: clock.now(),
    nodes: new Map(nodes.map(node => [node.record.id, node])),
    allocations,
    ...(spec === undefined ? {} : { spec }),
  }
}

function viewOf(parts: {
  readonly record: NodeRecord
  readonly live: LiveNodes
  readonly facts: StoredFacts | undefined
  readonly manifest: AppliedManifest | undefined
}): NodeView {
  const { record, live, facts, manifest } = parts
  return {
    record,
    live: live.get(record.id),
    state: live.state(record.id, record.state),
    ...(facts === undefined ? {} : { facts: facts.facts }),
    ...(manifest === undefined ? {} : { manifest }),
  }
}
