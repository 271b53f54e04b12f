import { activityBetween, activityTogether } from '../../../../shared/domain/activity.ts'
import type { Component } from '../../../../shared/domain/component.ts'
import { assertNever } from '../../../../shared/domain/errors.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { NodeObservation } from '../../../../shared/domain/observation.ts'
import type { ProgramStep } from '../../program.ts'
import { beginClusterWatch, instancesOf, troubles, type Watched } from '../upgrade/watch-clusters.ts'
import { watchFor } from '../upgrade/watch-for.ts'
import type { ComponentHost } from './upgrade-components.ts'

/** Those that are well now, with what their agents remember of the last hour: whoever is not well is not judged afterwards. */
export function lookAtClusters(names: readonly ClusterName[]): ProgramStep<readonly Watched[]> {
  return {
    title: `see how ${names.length} ${names.length === 1 ? 'cluster is' : 'clusters are'}`,
    async act({ fleet }) {
      const seen = instancesOf(fleet.observations())
      const unwell = troubles(
        names.map(cluster => ({ cluster })),
        seen,
        seen,
      )
      const result = names
        .filter(cluster => !unwell.has(cluster))
        .map((cluster): Watched => {
          const earlier = [...seen.values()].flatMap(({ cluster: own, activity }) =>
            own === cluster && activity?.before !== undefined ? [activityBetween(activity.before, activity.now)] : [],
          )
          return { cluster, ...(earlier.length === 0 ? {} : { activityBefore: activityTogether(earlier) }) }
        })
      const said = [...unwell].map(([cluster, because]) => `${cluster} is not judged: ${because}`)
      return { result, detail: said.length === 0 ? 'well' : `warning: ${said.join('; ')}` }
    },
  }
}

/**
 * Looks at hosts after one of their components has been renewed, and at the clusters that they have members of. Answers, by host, with
 * what is wrong; the first trouble that lasts ends the watch.
 */
export function watchHosts(
  component: Component,
  given: { readonly hosts: readonly ComponentHost[]; readonly clusters: readonly Watched[] },
  soakMs: number,
): ProgramStep<Readonly<Record<string, string>>> {
  const { hosts } = given
  const own = new Set(hosts.flatMap(({ clusters }) => clusters))
  const judged = given.clusters.filter(({ cluster }) => own.has(cluster))
  const names = new Set(judged.map(({ cluster }) => cluster))
  const what = `${component} of ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`
  return watchFor({ what, soakMs }, first => {
    const lookAtJudged = beginClusterWatch(judged)(first)
    return now => {
      const sick = lookAtJudged(now)
      return new Map(
        hosts.flatMap(({ id, name, clusters }) => {
          const cluster = clusters.find(each => sick.has(each))
          const because =
            whatLacks(component, now.get(id), names) ?? (cluster === undefined ? undefined : sick.get(cluster))
          return because === undefined ? [] : [[name, because] as const]
        }),
      )
    }
  })
}

/** Of the component itself; a host that says nothing lacks nothing: the data path does not need its agent. Pure. */
export function whatLacks(
  component: Component,
  seen: NodeObservation | undefined,
  clusters: ReadonlySet<ClusterName>,
): string | undefined {
  switch (component) {
    case 'etcd':
      return seen?.etcd?.healthy === false ? `etcd is not well${told(seen.etcd.detail)}` : undefined
    case 'haproxy':
    case 'pgbouncer': {
      const doors = (seen?.instances ?? [])
        .filter(({ cluster }) => clusters.has(cluster))
        .flatMap(({ instance, poolers, services }) => [...poolers, ...services].map(door => ({ instance, ...door })))
      const closed = doors.find(({ up }) => !up)
      return closed === undefined ? undefined : `${closed.name}:${closed.port} of ${closed.instance} is down`
    }
    case 'patroni':
      return undefined
    default:
      return assertNever(component)
  }
}

function told(detail: string | undefined): string {
  return detail === undefined ? '' : `: ${detail}`
}
