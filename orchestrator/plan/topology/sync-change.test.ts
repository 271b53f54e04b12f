import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeSync, syncChangeBlocker, type WantedSync } from './sync-change.ts'
import { afterStep, type CommitRule, promotable, type SyncState, type SyncStep } from './sync-state.ts'

const NAMES = ['a', 'b', 'c', 'd', 'e']
const ASYNC: CommitRule = { durability: 'async', standbys: 1 }
const SYNC: CommitRule = { durability: 'sync', standbys: 1 }
const STRICT: CommitRule = { durability: 'strict-sync', standbys: 1 }

function trio(rule: CommitRule, change: Partial<SyncState> = {}): SyncState {
  const all = ['a', 'b', 'c']
  const confirming = rule.durability === 'async' ? [] : ['b', 'c'].slice(0, rule.standbys)
  const holders = rule.durability === 'async' ? all : ['a', ...confirming]
  return { primary: 'a', rule, admitted: all, reachable: all, confirming, holders, ...change }
}

/** `set-rule strict-sync 2`, `await-confirming 2`, `withdraw b`. */
function story(state: SyncState, wanted: WantedSync): readonly string[] {
  return [...changeSync(state, wanted)].map(step => {
    if (step.kind === 'set-rule')
      return step.rule.durability === 'async'
        ? 'set-rule async'
        : `set-rule ${step.rule.durability} ${step.rule.standbys}`
    if (step.kind === 'await-confirming') return `await-confirming ${step.standbys}`
    return `${step.kind} ${step.kind === 'switchover' ? step.to : step.instance}`
  })
}

const all = ['a', 'b', 'c']

describe('a change of durability', () => {
  it('becomes strict only when a standby confirms, so that no write stops', () => {
    expect(story(trio(ASYNC), { rule: STRICT, admitted: all })).toEqual([
      'set-rule sync 1',
      'await-confirming 1',
      'set-rule strict-sync 1',
    ])
  })

  it('lets anybody be promoted only when everybody confirms', () => {
    expect(story(trio(STRICT), { rule: ASYNC, admitted: all })).toEqual([
      'set-rule strict-sync 2',
      'await-confirming 2',
      'set-rule async',
    ])
  })

  it('waits for the second standby that is to confirm, and for nobody when there are to be fewer', () => {
    const two = { ...SYNC, standbys: 2 }
    expect(story(trio(SYNC), { rule: two, admitted: all })).toEqual(['set-rule sync 2', 'await-confirming 2'])
    expect(story(trio(two), { rule: SYNC, admitted: all })).toEqual(['set-rule sync 1'])
  })

  it('does not wait for a standby that is away', () => {
    const state = trio(STRICT, { reachable: ['a', 'b'] })
    expect(story(state, { rule: ASYNC, admitted: all })).toEqual(['set-rule async'])
  })

  it('has nothing to do when all is as wanted', () => {
    expect(story(trio(STRICT), { rule: STRICT, admitted: all })).toEqual([])
  })
})

describe('a change of who may confirm and be promoted', () => {
  it('has another standby confirm before the one that confirms leaves', () => {
    expect(story(trio(SYNC), { rule: SYNC, admitted: ['a', 'c'] })).toEqual([
      'set-rule sync 2',
      'await-confirming 2',
      'withdraw b',
      'set-rule sync 1',
    ])
  })

  it('moves the primary to one that stays, and only then takes its place away', () => {
    const steps = story(trio(SYNC), { rule: SYNC, admitted: ['b', 'c'] })
    expect(steps).toEqual(['switchover b', 'set-rule sync 2', 'await-confirming 2', 'withdraw a', 'set-rule sync 1'])
  })

  it('lets a newcomer in when it has caught up, and before anybody leaves', () => {
    const state = trio(SYNC, { admitted: ['a', 'b'], reachable: all })
    expect(story(state, { rule: SYNC, admitted: ['a', 'c'] })).toEqual([
      'await-caught-up c',
      'admit c',
      'set-rule sync 2',
      'await-confirming 2',
      'withdraw b',
      'set-rule sync 1',
    ])
  })

  it('is refused with the reason when nobody is left to be primary, or to confirm', () => {
    expect(syncChangeBlocker(trio(SYNC), { rule: SYNC, admitted: ['x'] })).toContain('may be the primary')
    expect(syncChangeBlocker(trio(STRICT), { rule: STRICT, admitted: ['a'] })).toContain('stop all writes')
  })
})

describe('every order of steps', () => {
  it('keeps every acknowledged commit promotable and ends as wanted, stopped anywhere and begun again', () => {
    fc.assert(
      fc.property(
        states(),
        wants(),
        fc.array(fc.nat(4), { maxLength: 12 }),
        fc.boolean(),
        (state, wanted, stops, contrary) => {
          fc.pre(syncChangeBlocker(state, wanted) === undefined)
          const straight = run({ state, wanted, contrary })
          let interrupted = state
          for (const atMost of stops) interrupted = run({ state: interrupted, wanted, contrary, atMost })
          interrupted = run({ state: interrupted, wanted, contrary })
          expect(interrupted.rule).toEqual(straight.rule)
          expect(interrupted.admitted).toEqual(straight.admitted)
          expect(straight.rule.durability).toBe(wanted.rule.durability)
          if (wanted.rule.durability !== 'async') expect(straight.rule.standbys).toBe(wanted.rule.standbys)
          expect(straight.admitted.every(each => wanted.admitted.includes(each))).toBe(true)
          expect([...changeSync(straight, wanted)]).toEqual([])
        },
      ),
      { numRuns: 500 },
    )
  })

  it('never leaves a synchronous cluster without anybody to promote, if it had somebody', () => {
    fc.assert(
      fc.property(states(), wants(), (state, wanted) => {
        fc.pre(syncChangeBlocker(state, wanted) === undefined)
        const stay = wanted.admitted.filter(each => state.reachable.includes(each) && each !== state.primary)
        fc.pre(state.confirming.length > 0 && stay.length > 1)
        let current = state
        for (const step of changeSync(state, wanted)) {
          current = afterStep(current, step)
          if (step.kind === 'withdraw') expect(promotable(current)).not.toEqual([])
        }
      }),
    )
  })
})

interface Run {
  readonly state: SyncState
  readonly wanted: WantedSync
  /** Patroni takes other standbys than the order expected. */
  readonly contrary: boolean
  readonly atMost?: number
}

/** Carries steps out, at most so many, with the world's own check after each. */
function run({ state: from, wanted, contrary, atMost = 50 }: Run): SyncState {
  const order = changeSync(from, wanted)
  let state = from
  let next = order.next()
  for (let done = 0; next.done !== true && done < atMost; done += 1) {
    expect(done).toBeLessThan(49)
    state = carryOut(state, next.value, contrary)
    expect(commitsSurvive(state)).toBe(true)
    next = order.next(state)
  }
  return state
}

/** Waits that bring nothing and moves that Patroni would refuse are faults of the order. */
function carryOut(state: SyncState, step: SyncStep, contrary: boolean): SyncState {
  if (step.kind === 'switchover') expect(promotable(state)).toContain(step.to)
  if (step.kind === 'admit') expect(state.holders).toContain(step.instance)
  if (step.kind === 'withdraw') expect(step.instance).not.toBe(state.primary)
  const next = afterStep(contrary ? reversed(state) : state, step)
  const after = contrary ? { ...next, admitted: next.admitted.toSorted() } : next
  if (step.kind === 'await-confirming') expect(after.confirming.length).toBeGreaterThanOrEqual(step.standbys)
  const becomesStrict = after.rule.durability === 'strict-sync' && state.rule.durability !== 'strict-sync'
  if (becomesStrict) expect(after.confirming.length).toBeGreaterThan(0)
  return after
}

/** The same state, with the other end of the alphabet first. */
function reversed(state: SyncState): SyncState {
  return { ...state, admitted: state.admitted.toReversed(), confirming: state.confirming.toReversed() }
}

function commitsSurvive(state: SyncState): boolean {
  return promotable(state).every(each => state.holders.includes(each))
}

function rules(): fc.Arbitrary<CommitRule> {
  const standbys = fc.integer({ min: 1, max: 3 })
  return fc.record({ durability: fc.constantFrom('async', 'sync', 'strict-sync'), standbys })
}

/** Any state that could be found, those in the middle of a change included. */
function states(): fc.Arbitrary<SyncState> {
  const some = (from: readonly string[]) => fc.subarray([...from])
  return fc
    .record({
      rule: rules(),
      admitted: fc.subarray(NAMES, { minLength: 1 }),
      reached: some(NAMES),
      holding: some(NAMES),
    })
    .chain(({ rule, admitted, reached, holding }) =>
      fc.constantFrom(...admitted).chain(primary => {
        const reachable = NAMES.filter(each => each === primary || reached.includes(each))
        const standbys = admitted.filter(each => each !== primary && reachable.includes(each))
        return some(standbys).map(chosen => {
          const confirming = rule.durability === 'async' ? [] : chosen.slice(0, rule.standbys)
          const held = rule.durability === 'async' ? [...standbys, ...holding] : confirming
          const holders = NAMES.filter(each => each === primary || held.includes(each))
          return { primary, rule, admitted, reachable, confirming, holders }
        })
      }),
    )
}

function wants(): fc.Arbitrary<WantedSync> {
  return fc.record({ rule: rules(), admitted: fc.subarray(NAMES, { minLength: 1 }) })
}
