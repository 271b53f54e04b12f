import type { ClusterReport } from '../../../../shared/domain/campaign.ts'
import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import { isRunning } from '../../../../shared/domain/observation.ts'
import type { Observations } from '../../conditions.ts'
import type { ProgramStep } from '../../program.ts'
import { createActivitySince, type Instances } from './activity-since.ts'
import { type Watch, watchFor } from './watch-for.ts'

export type Watched = Pick<ClusterReport, 'cluster' | 'serverVersion' | 'activityBefore'> & {
  /** Of its members only this one. */
  readonly only?: InstanceName
}

/** Answers, by cluster, with what is wrong; the first trouble that lasts ends the watch. */
export function watchClusters(
  upgraded: readonly Watched[],
  soakMs: number,
): ProgramStep<Readonly<Record<ClusterName, string>>> {
  const what = `${upgraded.length} ${upgraded.length === 1 ? 'cluster' : 'clusters'}`
  return watchFor({ what, soakMs }, beginClusterWatch(upgraded))
}

/** Their members, and what goes through them. */
export function beginClusterWatch(upgraded: readonly Watched[]): Watch {
  return observations => {
    const first = instancesOf(observations)
    const activity = createActivitySince(first)
    return now => {
      const seen = instancesOf(now)
      activity.see(seen)
      return new Map([...activity.troubles(upgraded), ...troubles(upgraded, first, seen)])
    }
  }
}

export function instancesOf(observations: Observations): Instances {
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
