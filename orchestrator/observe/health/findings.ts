import { type Finding, SEVERITIES } from '../../../shared/domain/health.ts'
import { clusterFindings } from './cluster-findings.ts'
import { contentsFindings } from './contents-findings.ts'
import { etcdFindings } from './etcd-findings.ts'
import type { HealthView } from './health-view.ts'
import { instanceFindings } from './instance-findings.ts'
import { nodeFindings } from './node-findings.ts'

/** What is not well in a fleet, the critical first. Pure. */
export function findings(view: HealthView): readonly Finding[] {
  const { nodes, allocations, thresholds } = view
  const members = new Set(
    Object.values(allocations.clusters).flatMap(cluster => cluster.members.map(({ instance }) => instance)),
  )
  const found = [
    ...nodes.flatMap(node => nodeFindings(node, view)),
    ...nodes.flatMap(({ observation }) =>
      observation?.etcd === undefined ? [] : etcdFindings(observation.etcd, thresholds),
    ),
    ...Object.entries(allocations.clusters).flatMap(([name, cluster]) => clusterFindings(name, cluster, view)),
    ...Object.keys(allocations.clusters).flatMap(name => contentsFindings(name, view)),
    ...nodes.flatMap(({ observation }) =>
      (observation?.instances ?? [])
        .filter(({ instance }) => members.has(instance))
        .flatMap(instance => instanceFindings(instance, thresholds)),
    ),
  ]
  return found.toSorted((left, right) => rank(left) - rank(right))
}

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity)
}
