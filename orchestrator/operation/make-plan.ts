import { createHash } from 'node:crypto'
import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { Plan, PlanIntent } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { bestOnOffer } from '../plan/best-on-offer.ts'
import type { CompareHosts } from './compare-hosts.ts'
import type { FleetAccess, PackageShelf } from './dependencies.ts'
import type { CompareClusters } from './drift/compare-clusters.ts'

/** The pure stages of the pipeline, passed in. */
export interface Planner {
  parse(
    yaml: string,
    fileName: string,
  ):
    | {
        readonly spec: FleetSpec
        readonly problems: readonly Problem[]
        /** Adds line and column of the problem's path. */
        locate(problem: Problem): Problem
      }
    | readonly Problem[]
  /** Names of every package that the spec needs on an OS. */
  requiredPackages(spec: FleetSpec, os: string): readonly string[]
  plan(input: PlannerInput): Omit<Plan, 'planId'> | readonly Problem[]
}

export interface PlannerInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  /** Also propose moves of existing members, at most so many. */
  readonly rebalance?: { readonly maxMoves?: number }
  /** What is asked for by name beside the spec. */
  readonly intent?: PlanIntent
}

export interface PlanRequest extends Pick<PlannerInput, 'rebalance' | 'intent'> {
  readonly specYaml: string
  readonly fileName: string
  readonly signal: AbortSignal
}

/** A node that has not compared itself by then counts with what it said last. */
const COMPARE_WITHIN_MS = 5000

/** A host that has just connected says within this time what runs there. */
const SEEN_WITHIN_MS = 2000

export interface PlanTools {
  readonly planner: Planner
  readonly fleet: FleetAccess
  readonly shelf: PackageShelf
  readonly compareHosts: CompareHosts
  readonly compareClusters: CompareClusters
}

/**
 * Spec text to plan: parse, let hosts be compared with what was applied, look up package versions, take a snapshot, plan. Changes
 * nothing. Throws `invalid` with every problem.
 */
export async function makePlan(request: PlanRequest, tools: PlanTools): Promise<Plan> {
  return planAgainst(request, {
    planner: tools.planner,
    snapshotFor: spec => snapshotFor(spec, tools, request.signal),
  })
}

/** A plan for a spec that is known already, as it was applied for example. Throws `conflict` with the first problem. */
export async function planFor(
  request: Pick<PlannerInput, 'spec' | 'intent'> & {
    readonly suppose?: (snapshot: Snapshot) => Snapshot
    readonly signal: AbortSignal
  },
  tools: PlanTools,
): Promise<Plan> {
  const { spec, intent = {}, suppose = now => now, signal } = request
  const planned = tools.planner.plan({ spec, intent, snapshot: suppose(await snapshotFor(spec, tools, signal)) })
  if (!isProblems(planned)) return { ...planned, planId: planIdOf(planned) }
  const problems = planned.filter(({ severity }) => severity === 'error')
  const [first] = problems
  throw new DroverError('conflict', first?.message ?? 'there is no plan', {
    problems,
    retryable: false,
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
  })
}

async function snapshotFor(spec: FleetSpec, tools: PlanTools, signal: AbortSignal): Promise<Snapshot> {
  const { fleet, compareHosts, compareClusters } = tools
  const before = await fleet.snapshot({})
  const nodeIds = before.nodes.flatMap(({ id, manifest }) => (manifest === undefined ? [] : [id]))
  const [versions] = await Promise.all([
    versionsByOs(before, spec, tools, signal),
    compareHosts({ nodeIds, withinMs: COMPARE_WITHIN_MS, signal }),
  ])
  await hostsAreSeen(nodeIds, fleet, signal)
  const snapshot = await fleet.snapshot(versions)
  const drift = await compareClusters({ snapshot, withinMs: COMPARE_WITHIN_MS, signal })
  return drift.size === 0 ? snapshot : { ...snapshot, clusterDrift: Object.fromEntries(drift) }
}

/**
 * An orchestrator that was just started knows who is connected before it knows what runs there; and what is not seen to run would be
 * changed everywhere at once.
 */
async function hostsAreSeen(nodeIds: readonly NodeId[], fleet: FleetAccess, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(SEEN_WITHIN_MS)])
  while (!deadline.aborted) {
    const seen = fleet.observations()
    const unseen = nodeIds.filter(id => !seen.has(id))
    if (unseen.length === 0) return
    const { nodes } = await fleet.snapshot({})
    if (!nodes.some(({ id, state }) => state === 'ready' && unseen.includes(id))) return
    await fleet.observed(deadline)
  }
  signal.throwIfAborted()
}

/** The same against a snapshot that the caller makes for the spec, from a file for example. */
export async function planAgainst(
  request: Omit<PlanRequest, 'signal'>,
  tools: { readonly planner: Planner; snapshotFor(spec: FleetSpec): Promise<Snapshot> },
): Promise<Plan> {
  const { specYaml, fileName, rebalance, intent } = request
  const parsed = tools.planner.parse(specYaml, fileName)
  if (isProblems(parsed)) throw invalid(fileName, parsed)
  const snapshot = await tools.snapshotFor(parsed.spec)
  const planned = tools.planner.plan({
    spec: parsed.spec,
    snapshot,
    ...(rebalance === undefined ? {} : { rebalance }),
    ...(intent === undefined ? {} : { intent }),
  })
  if (isProblems(planned)) throw invalid(fileName, [...parsed.problems, ...planned.map(parsed.locate)])
  const plan = { ...planned, problems: [...parsed.problems, ...planned.problems.map(parsed.locate)] }
  return { ...plan, planId: planIdOf(plan) }
}

/** What is best to install of each package, per OS that a node runs; what was applied may have left something that needs its own. */
async function versionsByOs(
  snapshot: Snapshot,
  spec: FleetSpec,
  { planner, fleet, shelf }: PlanTools,
  signal: AbortSignal,
): Promise<Snapshot['packages']> {
  const held = await fleet.heldReleases()
  const systems = [...new Set(snapshot.nodes.flatMap(node => (node.state === 'ready' ? (node.os ?? []) : [])))].sort()
  const entries: [string, Readonly<Record<string, string>>][] = []
  for (const os of systems) {
    const specs = [spec, ...(snapshot.appliedSpec === undefined ? [] : [snapshot.appliedSpec])]
    const names = [...new Set(specs.flatMap(each => planner.requiredPackages(each, os)))]
    entries.push([os, bestOnOffer(await shelf.offers(os, names, signal), held)])
  }
  return Object.fromEntries(entries)
}

/** The same plan of the same base has the same id; anything that apply would do differently changes it. */
function planIdOf(plan: Omit<Plan, 'planId'>): string {
  const { spec, allocations, phases, changes, baseRevision } = plan
  const content = JSON.stringify({ spec, allocations, phases, changes, baseRevision })
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

function isProblems<T>(value: T | readonly Problem[]): value is readonly Problem[] {
  return Array.isArray(value)
}

function invalid(fileName: string, problems: readonly Problem[]): DroverError {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return new DroverError('invalid', `${fileName} has ${errors} ${errors === 1 ? 'problem' : 'problems'}`, {
    problems,
    hint: 'mend the file and plan again; nothing was changed',
  })
}
