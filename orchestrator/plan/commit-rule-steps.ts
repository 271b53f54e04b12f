import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import type { PlanPhase, PlanStep } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterWork, WorkInput } from './cluster-work.ts'
import { equal } from './equal.ts'
import { clusterPlace, failure } from './problems.ts'
import { observedSync, ruleOf } from './topology/observed-sync.ts'
import { changeSync, syncChangeBlocker } from './topology/sync-change.ts'
import type { CommitRule, SyncState, SyncStep } from './topology/sync-state.ts'

/** A standby may have to catch up with whatever was written while nobody waited for it. */
const CONFIRMING_TIMEOUT = 600_000

type Patch = Readonly<Record<string, unknown>>

/**
 * New configuration of clusters that run. Most of it is one patch; a change of when a commit is done takes several, with
 * waits between them, so that no commit is lost and no write stops on the way. All clusters side by side.
 */
export function configurePhases(clusters: readonly ClusterWork[], input: WorkInput): readonly PlanPhase[] {
  const sequences = clusters.map(work => configureSteps(work, input))
  const length = Math.max(0, ...sequences.map(steps => steps.length))
  return Array.from({ length }, (_, index) => ({
    name: index === 0 ? 'configure running clusters' : 'change when commits are done',
    steps: sequences.flatMap(steps => steps[index] ?? []),
  }))
}

function configureSteps(work: ClusterWork, input: WorkInput): readonly PlanStep[] {
  const { cluster, state, patch } = work
  if (state !== 'running' || patch === undefined) return []
  // Where members leave, the rule changes with them.
  if (leaves(work, input)) return [{ kind: 'configure-patroni', cluster: cluster.name, patch: withoutRule(patch) }]
  const change = ruleChange(work, input)
  if (change === undefined) return [{ kind: 'configure-patroni', cluster: cluster.name, patch }]
  const { observed, wanted } = change
  const steps = [...changeSync(observed, { rule: wanted, admitted: observed.admitted })]
  const others = withoutRule(patch)
  const first = steps.findIndex(({ kind }) => kind === 'set-rule')
  return steps.map((step, index) => planStep({ step, work, observed, wanted, others: index === first ? others : {} }))
}

/** A change that would stop all writes as things are. */
export function checkCommitRule(work: ClusterWork, input: WorkInput): readonly Problem[] {
  const { cluster, state, patch } = work
  const change =
    state === 'running' && patch !== undefined && !leaves(work, input) ? ruleChange(work, input) : undefined
  if (change === undefined) return []
  const { observed, wanted } = change
  const blocker = syncChangeBlocker(observed, { rule: wanted, admitted: observed.admitted })
  if (blocker === undefined) return []
  return [
    failure({
      code: 'commit-rule-blocked',
      message: `cluster ${cluster.name} cannot become ${wanted.durability} now: ${blocker}`,
      hint: 'Bring its standbys back first: `drover status` shows them.',
      ...clusterPlace(input.spec, cluster, 'durability'),
    }),
  ]
}

function leaves({ cluster }: ClusterWork, { leaving }: WorkInput): boolean {
  return leaving.members.some(member => member.cluster === cluster.name && member.group === undefined)
}

/** Absent when commits are done as before, or nothing is known of the cluster: then there is nothing to order. */
function ruleChange(
  { cluster }: ClusterWork,
  input: WorkInput,
): { readonly observed: SyncState; readonly wanted: CommitRule } | undefined {
  const before = input.snapshot.appliedSpec?.clusters.find(each => each.name === cluster.name)
  if (before === undefined || cluster.standbyOf !== undefined) return undefined
  const [applied, wanted] = [
    ruleOf(before, { ...input, allocations: input.snapshot.allocations }),
    ruleOf(cluster, input),
  ]
  if (equal(ruleKeys(applied), ruleKeys(wanted))) return undefined
  const observed = observedSync(cluster, applied, input)
  return observed === undefined ? undefined : { observed, wanted }
}

function planStep({
  step,
  work: { cluster },
  observed,
  wanted,
  others,
}: {
  readonly step: SyncStep
  readonly work: ClusterWork
  readonly observed: SyncState
  readonly wanted: CommitRule
  readonly others: Patch
}): PlanStep {
  switch (step.kind) {
    case 'set-rule': {
      const { synchronous_mode_strict: strict, ...rest } = ruleKeys(step.rule)
      // A rule on the way says nothing of strictness: begun again after an interruption, it loosens nothing.
      const rule = equal(step.rule, wanted) ? { ...rest, synchronous_mode_strict: strict } : rest
      return { kind: 'configure-patroni', cluster: cluster.name, patch: { ...others, ...rule } }
    }
    case 'await-confirming':
      return {
        kind: 'await',
        condition: {
          kind: 'members-streaming',
          cluster: cluster.name,
          instances: observed.admitted.filter(each => observed.reachable.includes(each)),
          syncStandbys: step.standbys,
        },
        timeoutMs: CONFIRMING_TIMEOUT,
      }
    case 'await-caught-up':
    case 'admit':
    case 'withdraw':
    case 'switchover':
      throw new DroverError(
        'internal',
        `a change of ${cluster.name}'s commit rule moves nobody, yet asks to ${step.kind}`,
      )
    default:
      return assertNever(step)
  }
}

/** As in Patroni's configuration; null takes a key away. */
export function ruleKeys({ durability, standbys }: CommitRule): Patch {
  const isSynchronous = durability !== 'async'
  return {
    synchronous_mode: isSynchronous,
    synchronous_mode_strict: durability === 'strict-sync',
    synchronous_node_count: isSynchronous ? standbys : null,
  }
}

function withoutRule(patch: Patch): Patch {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('synchronous_')))
}
