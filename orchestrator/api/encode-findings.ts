import type { HealthFinding } from '../../proto/gen/drover/v1/HealthFinding.ts'
import type { Finding } from '../../shared/domain/health.ts'
import type { FleetView } from './fleet-view.ts'

/** Those of one cluster, of the nodes that hold its members, and of what all clusters share; of all when the name is empty. Pure. */
export function encodeFindings(found: readonly Finding[], view: FleetView, cluster: string): HealthFinding[] {
  const nodes = new Set(view.allocations.clusters[cluster]?.members.map(({ nodeId }) => nodeId) ?? [])
  const isWanted = ({ concerns }: Finding): boolean => {
    if (cluster === '' || concerns === undefined) return true
    return 'cluster' in concerns ? concerns.cluster === cluster : nodes.has(concerns.nodeId)
  }
  return found.filter(isWanted).map(({ code, severity, subject, message, since, blocks }) => ({
    code,
    severity,
    subject: `${subject.kind}/${subject.name}`,
    message,
    ...(since === undefined ? {} : { sinceMs: since }),
    blocks: [...blocks],
  }))
}
