import type { Plan, PlanIntent } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Allocations, Snapshot } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { changesOf } from './changes.ts'
import { checkExtensionSchemas } from './check-extension-schemas.ts'
import { checkExtensions } from './check-extensions.ts'
import { checkFleet } from './check-fleet.ts'
import { checkLibraries } from './check-libraries.ts'
import { checkPreloads } from './check-preloads.ts'
import { checkProvision } from './check-provision.ts'
import { checkDrift } from './cluster-repair.ts'
import { type ClusterWork, clusterWork, followFacts, type WorkInput } from './cluster-work.ts'
import { checkCommitRule } from './commit-rule-steps.ts'
import { decideRetirements, type Retirements } from './contents/retirements.ts'
import { settleContents } from './contents/settle-contents.ts'
import { checkFarewell } from './departures/commit-change.ts'
import { decideDepartures } from './departures/decide.ts'
import { withoutErased } from './departures/erase.ts'
import { leavingOf } from './departures/leaving.ts'
import { checkVoterDisks } from './disk-latency.ts'
import { type NodeWork, nodeWork } from './node-work.ts'
import { phasesOf } from './phases.ts'
import { layoutOf } from './placement/layout.ts'
import { place } from './placement/placement.ts'
import { proposeRebalance } from './placement/rebalance.ts'
import { clusterPlace, hasErrors, warning } from './problems.ts'
import { checkRemovals } from './removals.ts'
import type { Renderer } from './render/render-input.ts'
import { checkRestarts } from './settings-steps.ts'
import { checkTopology } from './topology/check-topology.ts'
import { tuneFleet } from './tuning/tune-fleet.ts'

/** A plan without its id, which is a hash and therefore the caller's to make. */
export type PlanDraft = Omit<Plan, 'planId'>

export interface PlanInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly renderer: Renderer
  /** Also propose moves that would spread the load better; they are no part of the plan's work. */
  readonly rebalance?: boolean | { readonly maxMoves?: number; readonly maxBytes?: number }
  /** What is asked for by name beside the spec. */
  readonly intent?: PlanIntent
}

/**
 * What to do to make the spec so, from what is known: the same input gives the same plan, and a second plan after an
 * apply has no changes. With any error there is no plan, only problems; warnings go with the plan.
 */
export function plan({
  spec: given,
  snapshot,
  renderer,
  rebalance = false,
  intent = {},
}: PlanInput): PlanDraft | readonly Problem[] {
  const spec = settleContents({ spec: given, snapshot, restart: intent.restart === true })
  const other = checkFleet(spec, snapshot)
  if (hasErrors(other)) return other
  const decided = decideDepartures({ spec, snapshot, intent })
  const retirements = decideRetirements({ spec, snapshot, intent })
  const base = { ...snapshot, allocations: withoutErased(decided.allocations, intent.erase?.instances ?? []) }
  const removals = [
    ...decided.problems,
    ...retirements.problems,
    ...checkRemovals(spec, { ...base, allocations: { ...base.allocations, ...tombstonesInside(retirements) } }),
  ]
  if (hasErrors(removals)) return removals
  const placement = place(intent.to === undefined ? spec : pinnedTo(spec, intent.to), base)
  const { retired: _retired, ...placed } = placement.allocations
  const allocations = { ...placed, ...tombstonesInside(retirements) }
  const tuned = tuneFleet({ spec, snapshot, allocations })
  const early = [
    ...removals,
    ...placement.problems,
    ...checkTopology({ spec, snapshot, allocations }),
    ...tuned.problems,
    ...contentProblems({ spec, snapshot, allocations }),
  ]
  if (hasErrors(early)) return early
  const input: WorkInput = {
    spec,
    snapshot,
    allocations,
    settings: tuned.shared,
    memberSettings: tuned.byInstance,
    explanations: tuned.explanations,
    kernel: tuned.kernel,
    renderer,
    leaving: leavingOf(spec, snapshot, allocations),
    ...(intent.restart === undefined ? {} : { restart: intent.restart }),
    ...(intent.waitClientsMs === undefined ? {} : { waitClientsMs: intent.waitClientsMs }),
    ...(intent.erase === undefined ? {} : { erase: intent.erase }),
  }
  const clusters = spec.clusters.flatMap(cluster => clusterWork(cluster, input) ?? [])
  const work = nodeWork(input, clusters)
  const problems = [
    ...early,
    ...work.problems,
    ...checkVoterDisks(allocations, snapshot),
    ...clusters.flatMap(each => [
      ...checkPreloads(each, input),
      ...checkCommitRule(each, input),
      ...checkRestarts(each, input),
      ...checkFarewell(each, input),
      ...checkAsleep(each, input),
      ...checkDrift(each, input),
    ]),
  ]
  if (hasErrors(problems)) return problems
  const changed = changedFiles(work.nodes)
  return {
    baseRevision: snapshot.revision,
    spec,
    changes: changesOf({ input, clusters, nodes: work.nodes, placements: placement.explanations }),
    problems,
    placements: placement.explanations,
    settings: tuned.explanations,
    kernel: tuned.kernelExplanations,
    layout: layoutOf({ spec, snapshot, allocations }),
    ...(rebalance === false
      ? {}
      : { rebalance: proposeRebalance({ spec, snapshot, allocations, ...(rebalance === true ? {} : rebalance) }) }),
    // Tombstones end when their data are gone, not before.
    allocations: { ...allocations, ...tombstonesOf(decided.allocations) },
    phases: phasesOf({
      input,
      clusters: clusters.map(each => followFacts(each, changed, input)),
      nodes: work.nodes,
    }),
  }
}

/** For placement alone: what is missing goes to this node. */
function pinnedTo(spec: FleetSpec, { cluster, group, node }: NonNullable<PlanIntent['to']>): FleetSpec {
  return {
    ...spec,
    clusters: spec.clusters.map(each => {
      if (each.name !== cluster) return each
      if (group === undefined) return { ...each, placement: { ...each.placement, nodes: [node] } }
      return { ...each, replicas: each.replicas.map(one => (one.name === group ? { ...one, nodes: [node] } : one)) }
    }),
  }
}

function tombstonesInside({ retired }: Retirements): Pick<Allocations, 'retired'> {
  return retired.length === 0 ? {} : { retired }
}

function tombstonesOf({ departed, removed }: Allocations): Pick<Allocations, 'departed' | 'removed'> {
  return { ...(departed === undefined ? {} : { departed }), ...(removed === undefined ? {} : { removed }) }
}

/** A cluster that stands still stays so: the file cannot say otherwise. */
function checkAsleep({ cluster, asleep }: ClusterWork, { spec, snapshot }: WorkInput): readonly Problem[] {
  if (!asleep || snapshot.allocations.clusters[cluster.name]?.hibernated === undefined) return []
  return [
    warning({
      code: 'hibernated',
      message: `cluster ${cluster.name} is stopped and stays so; what is inside its PostgreSQL changes when it runs again`,
      hint: `drover cluster start ${cluster.name}`,
      ...clusterPlace(spec, cluster),
    }),
  ]
}

/** What is to be inside PostgreSQL, where its version is known. */
function contentProblems({
  spec,
  snapshot,
  allocations,
}: {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
}): readonly Problem[] {
  return spec.clusters.flatMap(cluster => {
    const major = allocations.clusters[cluster.name]?.postgresVersion
    if (major === undefined) return []
    const applied = snapshot.appliedSpec?.clusters.find(({ name }) => name === cluster.name)
    return [
      ...checkExtensionSchemas(spec, cluster),
      ...checkExtensions({ spec, cluster, major }),
      ...checkLibraries({ spec, cluster, major }),
      ...checkProvision({ spec, cluster, major, applied }),
    ]
  })
}

/** Files that exist and become others; those of nodes that are only being made seed nothing that runs. */
function changedFiles(nodes: readonly NodeWork[]): ReadonlySet<string> {
  return new Set(
    nodes.flatMap(({ differences }) =>
      differences.flatMap(({ verb, kind, name }) => (verb === 'update' && kind === 'file' ? [name] : [])),
    ),
  )
}
