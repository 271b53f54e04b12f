import type { InstanceName } from '../../../shared/domain/ids.ts'
import {
  afterStep,
  assertSafe,
  type CommitRule,
  promotable,
  type SyncState,
  type SyncStep,
  standbysOf,
} from './sync-state.ts'

export interface WantedSync {
  readonly rule: CommitRule
  readonly admitted: readonly InstanceName[]
}

/**
 * The safe order of a change of durability, of the number of confirming standbys, or of who may confirm and be promoted.
 * It looks only at how things are, so that it goes on from wherever an earlier run was stopped; after every step the state
 * is checked (S3). Whoever carries the steps out may hand back what was seen after each: which standbys confirm is Patroni's
 * choice. The rules behind the order:
 *
 * - whoever comes in is admitted when it has caught up, and before anybody leaves;
 * - before somebody leaves, others confirm in its place, or the primary's death would leave nobody to promote;
 * - `strict-sync` comes when enough standbys confirm, so that the change itself stops no write;
 * - before `async` lets anybody be promoted, everybody who then could be confirms.
 */
export function* changeSync(
  observed: SyncState,
  wanted: WantedSync,
): Generator<SyncStep, SyncState, SyncState | undefined> {
  let state = observed
  for (const part of [admissions, departures, ruleChange]) {
    for (let step = part(state, wanted); step !== undefined; step = part(state, wanted)) {
      const expected = afterStep(state, step)
      assertSafe(expected)
      state = (yield step) ?? expected
      assertSafe(state)
    }
  }
  return state
}

/** Why the change cannot be made as things are; undefined when it can. */
export function syncChangeBlocker(state: SyncState, wanted: WantedSync): string | undefined {
  const stay = wanted.admitted.filter(each => state.reachable.includes(each))
  if (stay.length === 0) return 'nobody that is reachable may be the primary afterwards'
  if (wanted.rule.durability === 'strict-sync' && stay.length < 2)
    return 'nobody that is reachable could confirm a commit afterwards, and strict-sync would stop all writes'
  return undefined
}

function admissions(state: SyncState, wanted: WantedSync): SyncStep | undefined {
  const instance = wanted.admitted.find(each => !state.admitted.includes(each) && state.reachable.includes(each))
  if (instance === undefined) return undefined
  return { kind: state.holders.includes(instance) ? 'admit' : 'await-caught-up', instance }
}

function departures(state: SyncState, wanted: WantedSync): SyncStep | undefined {
  const leaving = state.admitted.filter(each => !wanted.admitted.includes(each))
  const [first] = leaving.filter(each => each !== state.primary)
  if (leaving.length === 0) return undefined
  const stay = standbysOf(state).filter(each => !leaving.includes(each))
  if (state.rule.durability !== 'async') {
    // As many more confirm as leave; all of those who stay is enough, and more there cannot be.
    const leavers = standbysOf(state).length - stay.length
    const needed = Math.min(wanted.rule.durability === 'async' ? 1 : wanted.rule.standbys, stay.length)
    const cover = stay.filter(each => state.confirming.includes(each)).length
    const all = Math.min(needed + leavers, standbysOf(state).length)
    if (cover < needed) return towards(state, { ...state.rule, standbys: Math.max(all, state.rule.standbys) })
  }
  if (leaving.includes(state.primary)) {
    const to = promotable(state).find(each => stay.includes(each))
    return to === undefined ? undefined : { kind: 'switchover', to }
  }
  return first === undefined ? undefined : { kind: 'withdraw', instance: first }
}

function ruleChange(state: SyncState, { rule }: WantedSync): SyncStep | undefined {
  const others = standbysOf(state).length
  if (rule.durability === 'async') {
    if (state.rule.durability === 'async') return undefined
    return towards(state, { ...state.rule, standbys: Math.max(1, others) }) ?? { kind: 'set-rule', rule }
  }
  const loose = { durability: 'sync', standbys: rule.standbys } as const
  const isStrict = state.rule.durability === 'strict-sync'
  if (rule.durability === 'sync') return towards(state, loose)
  // A rule that is strict already stays so.
  return towards(state, isStrict ? rule : loose) ?? (isStrict ? undefined : { kind: 'set-rule', rule })
}

/** The rule, then enough standbys that confirm; undefined when both are so. */
function towards(state: SyncState, rule: CommitRule): SyncStep | undefined {
  const { durability, standbys } = state.rule
  if (durability !== rule.durability || standbys !== rule.standbys) return { kind: 'set-rule', rule }
  const reachable = Math.min(standbys, standbysOf(state).length)
  return state.confirming.length < reachable ? { kind: 'await-confirming', standbys: reachable } : undefined
}
