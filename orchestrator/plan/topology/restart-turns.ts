import type { InstanceName } from '../../../shared/domain/ids.ts'
import { type HotStandbyValues, restartOrder } from './restart-order.ts'

/** What decides about a member's turn in a rolling restart. */
export interface RestartCandidate {
  readonly instance: InstanceName
  readonly isSynchronous: boolean
  /** WAL that it has not replayed yet. */
  readonly lagBytes: number
  readonly values: HotStandbyValues
}

export interface RestartScene {
  readonly primary: InstanceName
  /** All members, the primary included. */
  readonly members: readonly RestartCandidate[]
  /** What each of them is to run with. */
  readonly wanted: HotStandbyValues
  /** Who is to be restarted. */
  readonly chosen: ReadonlySet<InstanceName>
  /** A standby has to show first that a server starts with what is new. */
  readonly trial: boolean
}

export type RestartTurns =
  | { readonly turns: readonly InstanceName[] }
  /** These would have less than the primary needs of them, and are not among the chosen. */
  | { readonly missing: readonly InstanceName[] }

/**
 * One after the other: standbys, those that lack most first and synchronous ones last, then the primary. A standby whose settings
 * can only fall once the primary's have follows it, and one that has to rise and to fall has two turns. So has the one that shows
 * that other new values let a server start.
 */
export function restartTurns({ primary, members, wanted, chosen, trial }: RestartScene): RestartTurns {
  const values = new Map(members.map(({ instance, values: own }) => [instance, own]))
  const steps = [...restartOrder({ primary, values }, wanted)].map(({ instance }) => instance)
  const turn = steps.indexOf(primary)
  const [before, after] = turn < 0 ? [steps, []] : [steps.slice(0, turn), steps.slice(turn + 1)]
  const missing = chosen.has(primary) && turn >= 0 ? before.filter(instance => !chosen.has(instance)) : []
  if (missing.length > 0) return { missing }
  const falls = chosen.has(primary) ? after : []
  const standbys = members.filter(({ instance }) => instance !== primary && chosen.has(instance)).sort(byLag)
  const names = standbys.map(({ instance }) => instance)
  const first = names.filter(instance => before.includes(instance) || !falls.includes(instance))
  return {
    turns: [
      ...(trial && first.length === 0 && chosen.has(primary) ? names.slice(0, 1) : first),
      ...(chosen.has(primary) ? [primary] : []),
      ...names.filter(instance => falls.includes(instance)),
    ],
  }
}

function byLag(left: RestartCandidate, right: RestartCandidate): number {
  return (
    Number(left.isSynchronous) - Number(right.isSynchronous) ||
    right.lagBytes - left.lagBytes ||
    (left.instance < right.instance ? -1 : 1)
  )
}
