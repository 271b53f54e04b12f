import type { ClusterReport } from '../../../../shared/domain/campaign.ts'
import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import { isRunning } from '../../../../shared/domain/observation.ts'
import type { Observations } from '../../conditions.ts'
import type { ProgramStep } from '../../program.ts'
import { createActivitySince, type Instances } from './activity-since.ts'

const LOOK_MS = 1_000
/** What is not well for so long is not well: a member that is looked at in the wrong moment is forgiven. */
const PATIENCE_MS = 5_000

export type Watched = Pick<ClusterReport, 'cluster' | 'serverVersion' | 'activityBefore'> & {
  /** Of its members only this one. */
  readonly only?: InstanceName
}

/**
 * Looks at clusters for a while. Answers, by cluster, with what is wrong; the first trouble that lasts ends the watch. It is a result, for
 * the way back is part of the program.
 */
export function watchClusters(
  upgraded: readonly Watched[],
  soakMs: number,
): ProgramStep<Readonly<Record<ClusterName, string>>> {
  return {
    title: `watch ${upgraded.length} ${upgraded.length === 1 ? 'cluster' : 'clusters'} for ${Math.round(soakMs / 1000)} s`,
    async act({ fleet, clock, signal }) {
      const began = clock.monotonic()
      const first = instancesOf(fleet.observations())
      const activity = createActivitySince(first)
      let sick = new Map<ClusterName, { readonly because: string; readonly since: number }>()
      for (;;) {
        const now = clock.monotonic()
        const seen = instancesOf(fleet.observations())
        activity.see(seen)
        const found = new Map([...activity.troubles(upgraded), ...troubles(upgraded, first, seen)])
        sick = new Map(
          [...found].map(([cluster, because]) => [cluster, { because, since: sick.get(cluster)?.since ?? now }]),
        )
        const lasting = [...sick].filter(([, { since }]) => now - since >= PATIENCE_MS)
        if (lasting.length > 0) {
          const result = Object.fromEntries(lasting.map(([cluster, { because }]) => [cluster, because]))
          return { result, detail: `warning: ${Object.values(result).join('; ')}` }
        }
        if (now - began >= soakMs && sick.size === 0) return { result: {}, detail: 'all are well' }
        await clock.sleep(LOOK_MS, signal)
      }
    },
  }
}

function instancesOf(observations: Observations): Instances {
  return new Map([...observations.values()].flatMap(({ instances }) => instances.map(each => [each.instance, each])))
}

/** By cluster, what is wrong with it. A server that has started anew since is as bad as one that is down. Pure. */
export function troubles(
  upgraded: readonly Watched[],
  before: Instances,
  now: Instances,
): ReadonlyMap<ClusterName, string> {
  const found = new Map<ClusterName, string>()
  for (const { cluster, serverVersion, only } of upgraded) {
    const members = [...now.values()].filter(each => each.cluster === cluster)
    const watched = members.filter(({ instance }) => only === undefined || instance === only)
    for (const { instance, state, startedAt, serverVersion: runs } of watched) {
      const was = before.get(instance)?.startedAt
      if (!isRunning(state)) found.set(cluster, `${instance} is ${state}`)
      else if (was !== undefined && startedAt !== was) found.set(cluster, `${instance} has started anew`)
      else if (serverVersion !== undefined && runs !== undefined && runs !== serverVersion)
        found.set(cluster, `${instance} runs ${runs}, not ${serverVersion}`)
    }
    if (members.length > 0 && !members.some(({ role }) => role === 'primary' || role === 'standby-leader'))
      found.set(cluster, 'it has no primary')
  }
  return found
}
