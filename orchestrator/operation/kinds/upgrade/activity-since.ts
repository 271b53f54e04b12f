import { type ActivityCounters, activityBetween, activityTogether } from '../../../../shared/domain/activity.ts'
import type { ClusterReport } from '../../../../shared/domain/campaign.ts'
import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import { whyUnwell } from '../../../plan/campaign/activity-verdict.ts'

export type Instances = ReadonlyMap<InstanceName, InstanceObservation>

/** What goes through clusters from a moment on, by what their agents count each minute, beside the hour before. */
export interface ActivitySince {
  see(now: Instances): void
  /** By cluster, what is not well. */
  troubles(watched: readonly Pick<ClusterReport, 'cluster' | 'activityBefore'>[]): ReadonlyMap<ClusterName, string>
}

/** `began`: what was known at that moment. Counts from before, which hold the restarts, are left out. */
export function createActivitySince(began: Instances): ActivitySince {
  const ends = new Map<InstanceName, { cluster: ClusterName; from: ActivityCounters; to: ActivityCounters }>()
  return {
    see(now) {
      for (const { instance, cluster, activity } of now.values()) {
        if (activity === undefined || activity.now.at === began.get(instance)?.activity?.now.at) continue
        const known = ends.get(instance)
        ends.set(instance, { cluster, from: known?.from ?? activity.now, to: activity.now })
      }
    },
    troubles(watched) {
      const byCluster = Map.groupBy(ends.values(), ({ cluster }) => cluster)
      const found = new Map<ClusterName, string>()
      for (const { cluster, activityBefore } of watched) {
        const windows = (byCluster.get(cluster) ?? []).map(({ from, to }) => activityBetween(from, to))
        const because = whyUnwell(activityTogether(windows), activityBefore)
        if (because !== null) found.set(cluster, because)
      }
      return found
    },
  }
}
