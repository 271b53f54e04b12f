import type { Scene, StandbySeen } from '../restart/scene.ts'

/** The one that lags most first, those that confirm commits last. */
export function standbysInTurn({ standbys }: Pick<Scene, 'standbys'>): readonly StandbySeen[] {
  return standbys.toSorted(
    (left, right) =>
      Number(left.isSynchronous) - Number(right.isSynchronous) ||
      right.lagBytes - left.lagBytes ||
      (left.member.instance < right.member.instance ? -1 : 1),
  )
}

/**
 * Nobody: the primary restarts in its place. One that confirms commits where durability asks for that; nobody takes over from the leader of a
 * standby cluster. Of two members with synchronous replication none does either: clients would wait until the old primary has stopped, started and
 * followed, since only it could confirm; after a restart in place they wait for the start alone.
 */
export function successorOf(
  scene: Pick<Scene, 'standbys' | 'followsAnother'>,
  awaitSynchronous: boolean,
): StandbySeen | undefined {
  if (scene.followsAnother) return undefined
  if (!awaitSynchronous) return standbysInTurn(scene).findLast(({ mayLead }) => mayLead)
  if (scene.standbys.filter(({ mayLead }) => mayLead).length < 2) return undefined
  return standbysInTurn(scene).findLast(({ isSynchronous }) => isSynchronous)
}
