import { DroverError } from '../../../shared/domain/errors.ts'
import type { InstanceName } from '../../../shared/domain/ids.ts'
import { HOT_STANDBY_NAMES } from '../tuning/hot-standby-settings.ts'

/** The rank of the words of `wal_level`, which a standby must not fall behind in either, is a number beside the others. */
const NAMES = [...HOT_STANDBY_NAMES, 'wal_level'] as const

export type HotStandbyValues = Readonly<Record<(typeof NAMES)[number], number>>

/** Every instance of a cluster with the values that it runs with. */
export interface RunningSettings {
  readonly primary: InstanceName
  readonly values: ReadonlyMap<InstanceName, HotStandbyValues>
}

export interface RestartStep {
  readonly instance: InstanceName
  readonly values: HotStandbyValues
}

/** The rank of a `wal_level`, which orders as the others do; undefined for another word. */
export function walLevelRank(level: string): number | undefined {
  const rank = ['minimal', 'replica', 'logical'].indexOf(level)
  return rank < 0 ? undefined : rank
}

/** Who has to restart first when a setting becomes another; undefined when it does not matter, or a value is not known. */
export function firstToRestart(
  name: string,
  from: string | undefined,
  to: string | undefined,
): 'standbys' | 'primary' | undefined {
  const known = NAMES.find(each => each === name)
  const [before, after] = [numberOf(from), numberOf(to)]
  if (known === undefined || before === undefined || after === undefined) return undefined
  const running = { ...NOTHING, [known]: before }
  const values = new Map([
    ['primary', running],
    ['standbys', running],
  ])
  const { value: step } = restartOrder({ primary: 'primary', values }, { ...NOTHING, [known]: after }).next()
  if (step === undefined || !('instance' in step)) return undefined
  return step.instance === 'primary' ? 'primary' : 'standbys'
}

const NOTHING: HotStandbyValues = {
  max_connections: 0,
  max_worker_processes: 0,
  max_wal_senders: 0,
  max_prepared_transactions: 0,
  max_locks_per_transaction: 0,
  wal_level: 0,
}

function numberOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  return /^\d+$/.test(value) ? Number(value) : walLevelRank(value)
}

/**
 * The restarts that bring every instance to the wanted values: standbys that would have too little first, then the primary,
 * then standbys that still have more. A value that rises and one that falls take the same three rounds. It looks only at what
 * runs, so that it goes on from wherever an earlier run, or a failover, has left the cluster.
 *
 * Invariant, checked after every step: no standby that could follow its primary before cannot afterwards.
 */
export function* restartOrder(
  observed: RunningSettings,
  wanted: HotStandbyValues,
): Generator<RestartStep, RunningSettings> {
  let state = observed
  for (const round of [raiseStandbys, setPrimary, setStandbys]) {
    for (const step of round(state, wanted)) {
      const next = restarted(state, step)
      assertFollowing(state, next, step)
      state = next
      yield step
    }
  }
  return state
}

export function restarted({ primary, values }: RunningSettings, step: RestartStep): RunningSettings {
  return { primary, values: new Map([...values, [step.instance, step.values]]) }
}

/** Standbys that have too little for their primary: they have stopped, or will when they come to its WAL. */
export function unableToFollow({ primary, values }: RunningSettings): readonly InstanceName[] {
  const leading = values.get(primary)
  return [...values].flatMap(([instance, own]) =>
    leading !== undefined && instance !== primary && !covers(own, leading) ? [instance] : [],
  )
}

function raiseStandbys(state: RunningSettings, wanted: HotStandbyValues): readonly RestartStep[] {
  const leading = state.values.get(state.primary) ?? wanted
  const enough = highest(leading, wanted)
  return standbys(state).flatMap(([instance, own]) => (covers(own, enough) ? [] : [{ instance, values: enough }]))
}

function setPrimary({ primary, values }: RunningSettings, wanted: HotStandbyValues): readonly RestartStep[] {
  const own = values.get(primary)
  return own === undefined || same(own, wanted) ? [] : [{ instance: primary, values: wanted }]
}

function setStandbys(state: RunningSettings, wanted: HotStandbyValues): readonly RestartStep[] {
  return standbys(state).flatMap(([instance, own]) => (same(own, wanted) ? [] : [{ instance, values: wanted }]))
}

function standbys({ primary, values }: RunningSettings): readonly (readonly [InstanceName, HotStandbyValues])[] {
  return [...values].filter(([instance]) => instance !== primary).sort(([left], [right]) => (left < right ? -1 : 1))
}

function covers(own: HotStandbyValues, other: HotStandbyValues): boolean {
  return NAMES.every(name => own[name] >= other[name])
}

function same(own: HotStandbyValues, other: HotStandbyValues): boolean {
  return NAMES.every(name => own[name] === other[name])
}

function highest(left: HotStandbyValues, right: HotStandbyValues): HotStandbyValues {
  const pick = (name: keyof HotStandbyValues): number => Math.max(left[name], right[name])
  return {
    max_connections: pick('max_connections'),
    max_worker_processes: pick('max_worker_processes'),
    max_wal_senders: pick('max_wal_senders'),
    max_prepared_transactions: pick('max_prepared_transactions'),
    max_locks_per_transaction: pick('max_locks_per_transaction'),
    wal_level: pick('wal_level'),
  }
}

function assertFollowing(before: RunningSettings, after: RunningSettings, { instance }: RestartStep): void {
  const known = unableToFollow(before).filter(each => each !== instance)
  const broken = unableToFollow(after).filter(each => !known.includes(each))
  if (broken.length > 0)
    throw new DroverError('internal', `a restart of ${instance} would stop ${broken.join(', ')}: too low settings`)
}
