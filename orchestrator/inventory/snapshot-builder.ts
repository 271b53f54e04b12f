import type { Fact, NodeFacts } from '../../shared/domain/facts.ts'
import type { DriftReport } from '../../shared/domain/observation.ts'
import type { Snapshot, SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Store } from '../store/store.ts'
import { type FactsStore, FSYNC_PREFIX, PLANNING_FACTS_PREFIX } from './facts-store.ts'
import { RUNTIME_PREFIX, readRuntimes } from './fleet-runtimes.ts'
import {
  ALLOCATIONS_KEY,
  type AppliedManifest,
  BOOTSTRAPPED_PREFIX,
  type FleetState,
  MANIFEST_PREFIX,
  SPEC_KEY,
} from './fleet-state.ts'
import type { LiveNode, LiveNodes } from './live-nodes.ts'
import { NODE_PREFIX, type NodeRegistry } from './node-registry.ts'

export interface SnapshotSources {
  readonly store: Store
  readonly registry: NodeRegistry
  readonly live: LiveNodes
  readonly facts: FactsStore
  readonly state: FleetState
  readonly clock: Pick<Clock, 'now'>
  readonly fleet: { readonly id: string; readonly name: string }
}

/** Package versions and the repository come from the caller: asking for them may touch the network. */
export type SnapshotPackages = Pick<Snapshot, 'packages' | 'repository'>

/** Where the inputs of planning lie. */
export const PLAN_BASES = [
  SPEC_KEY,
  ALLOCATIONS_KEY,
  BOOTSTRAPPED_PREFIX,
  NODE_PREFIX,
  PLANNING_FACTS_PREFIX,
  FSYNC_PREFIX,
  MANIFEST_PREFIX,
  RUNTIME_PREFIX,
] as const

/** Everything the planner may know. Removed nodes are left out; pending ones are in, so that it can say why not. */
export async function buildSnapshot(sources: SnapshotSources, packages: SnapshotPackages): Promise<Snapshot> {
  const { registry, live, facts, state, clock, fleet } = sources
  const revision = await baseRevision(sources.store)
  const [records, allFacts, manifests, allocations, appliedSpec, appliedSettings, runtimes] = await Promise.all([
    registry.list(),
    facts.all(),
    state.manifests(),
    state.allocations(),
    state.appliedSpec(),
    state.appliedSettings(),
    readRuntimes(sources.store),
  ])
  const nodes = records
    .filter(record => record.state !== 'removed')
    .map((record): SnapshotNode => {
      const nodeFacts = allFacts.get(record.id)?.facts
      const seen = live.get(record.id)
      const observation = seen.observation?.content
      const applied = manifests.get(record.id)
      const drift = currentDrift(seen, applied)
      const os = nodeFacts === undefined ? undefined : osOf(nodeFacts)
      return {
        id: record.id,
        name: record.name,
        state: live.state(record.id, record.state),
        address: record.address,
        labels: record.labels,
        ...(os === undefined ? {} : { os }),
        ...(nodeFacts === undefined ? {} : { facts: nodeFacts }),
        ...(observation === undefined ? {} : { observation }),
        ...(applied === undefined ? {} : { manifest: applied.manifest }),
        ...(drift === undefined ? {} : { drifted: drift.items.length > 0 }),
      }
    })
    .sort((left, right) => compareText(left.name, right.name))
  return {
    revision,
    now: clock.now(),
    fleet,
    nodes,
    allocations,
    ...(appliedSpec === undefined ? {} : { appliedSpec }),
    appliedSettings,
    ...(runtimes === undefined ? {} : { runtimes }),
    ...packages,
  }
}

/**
 * The latest revision at which an input of planning changed: spec, allocations, nodes and their labels, facts that
 * matter, manifests. Heartbeats, observations and events do not move it.
 */
export async function baseRevision(store: Store): Promise<number> {
  const ranges = await Promise.all(PLAN_BASES.map(prefix => store.range(prefix, { keysOnly: true })))
  return Math.max(0, ...ranges.flatMap(range => range.entries.map(entry => entry.modRevision)))
}

/** The drift report, unless it was made before the last manifest was applied. */
export function currentDrift(seen: LiveNode, applied: AppliedManifest | undefined): DriftReport | undefined {
  const drift = seen.observation?.content.drift
  if (drift === undefined || applied === undefined) return undefined
  return drift.checkedAt - (seen.clockOffsetMs ?? 0) >= applied.appliedAt ? drift : undefined
}

/** `debian13`, from os-release ID and VERSION_ID; undefined when the agent could not tell. */
export function osOf(facts: NodeFacts): string | undefined {
  const id = valueOf(facts.os.id)
  const version = valueOf(facts.os.versionId)
  return id === undefined || version === undefined ? undefined : `${id}${version}`
}

function valueOf<T>(fact: Fact<T>): T | undefined {
  return 'unknown' in fact ? undefined : fact.value
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
