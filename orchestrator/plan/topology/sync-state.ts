import { assertNever, DroverError } from '../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import type { Durability } from '../../../shared/domain/spec.ts'

/** When a commit counts as done. `standbys` means nothing with `async`. */
export interface CommitRule {
  readonly durability: Durability
  readonly standbys: number
}

/** What the safety of a cluster's commits depends on. Instances in the order of their names. */
export interface SyncState {
  readonly primary: InstanceName
  readonly rule: CommitRule
  /** May become primary and confirm commits, the primary included. */
  readonly admitted: readonly InstanceName[]
  /** Streaming now, the primary included. Whoever is not is left alone until it is. */
  readonly reachable: readonly InstanceName[]
  /** Standbys without which no commit is done now; with a synchronous rule the only ones that may be promoted. */
  readonly confirming: readonly InstanceName[]
  /** Have every commit that was ever done under a synchronous rule. */
  readonly holders: readonly InstanceName[]
}

export type SyncStep =
  | { readonly kind: 'set-rule'; readonly rule: CommitRule }
  /** Until so many standbys confirm; what confirms has caught up with everything before. */
  | { readonly kind: 'await-confirming'; readonly standbys: number }
  | { readonly kind: 'await-caught-up'; readonly instance: InstanceName }
  /** May become primary and confirm from here on. */
  | { readonly kind: 'admit'; readonly instance: InstanceName }
  /** No longer. */
  | { readonly kind: 'withdraw'; readonly instance: InstanceName }
  | { readonly kind: 'switchover'; readonly to: InstanceName }

/** The state when a step is done, as Patroni does it: it never lets a standby be promoted that has not caught up. */
export function afterStep(state: SyncState, step: SyncStep): SyncState {
  switch (step.kind) {
    case 'set-rule': {
      if (step.rule.durability === 'async') return { ...state, rule: step.rule, confirming: [] }
      const confirming = state.confirming.slice(0, step.rule.standbys)
      return { ...state, rule: step.rule, confirming, holders: holdersWith(state, confirming) }
    }
    case 'await-confirming': {
      const known = state.confirming.filter(each => standbysOf(state).includes(each))
      const others = standbysOf(state).filter(each => !known.includes(each))
      const confirming = sorted([...known, ...others].slice(0, state.rule.standbys))
      return { ...state, confirming, holders: holdersWith(state, confirming) }
    }
    case 'await-caught-up':
      return { ...state, holders: sorted([...state.holders, step.instance]) }
    case 'admit':
      return { ...state, admitted: sorted([...state.admitted, step.instance]) }
    case 'withdraw': {
      const without = (names: readonly InstanceName[]) => names.filter(name => name !== step.instance)
      return { ...state, admitted: without(state.admitted), confirming: without(state.confirming) }
    }
    case 'switchover':
      // Planned, so that the new primary has everything. With a synchronous rule it goes on alone until others have caught up.
      return {
        ...state,
        primary: step.to,
        confirming: [],
        holders: state.rule.durability === 'async' ? sorted([...state.holders, step.to]) : [step.to],
      }
    default:
      return assertNever(step)
  }
}

/** Who would be promoted, should the primary die now. */
export function promotable(state: SyncState): readonly InstanceName[] {
  return state.rule.durability === 'async'
    ? standbysOf(state)
    : standbysOf(state).filter(each => state.confirming.includes(each))
}

/** Standbys that could confirm or be promoted: admitted, reachable, not the primary. */
export function standbysOf({ primary, admitted, reachable }: SyncState): readonly InstanceName[] {
  return admitted.filter(each => each !== primary && reachable.includes(each))
}

/**
 * Safety rule S3: whoever may be promoted has every commit that was acknowledged as synchronous, and there is one primary,
 * which may be one. Errors: `internal`; it would be a fault of the order of steps.
 */
export function assertSafe(state: SyncState): void {
  const lacking = promotable(state).filter(each => !state.holders.includes(each))
  if (lacking.length > 0)
    throw new DroverError('internal', `${lacking.join(', ')} could be promoted without every acknowledged commit`)
  if (!state.admitted.includes(state.primary))
    throw new DroverError('internal', `${state.primary} is the primary and may not be one`)
}

/** Under a synchronous rule what confirms has everything that is acknowledged from here on, others may not. */
function holdersWith(
  { primary, rule, holders }: SyncState,
  confirming: readonly InstanceName[],
): readonly InstanceName[] {
  return rule.durability === 'async' && confirming.length === 0 ? holders : sorted([primary, ...confirming])
}

function sorted(names: readonly InstanceName[]): readonly InstanceName[] {
  return [...new Set(names)].sort()
}
