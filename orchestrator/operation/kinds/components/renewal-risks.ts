import { RISKS_OF_COMPONENTS } from '../../../../shared/domain/health.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import { hostRisks, type Undertaking } from '../../guard.ts'
import type { RenewInput } from './turn.ts'

/** An etcd puts the voter of its host at risk; everything else the clusters that have a member there. Pure. */
export function renewalRisks({
  component,
  nodeId,
  clusters,
  drainMs,
}: Pick<RenewInput, 'component' | 'nodeId' | 'drainMs'> & {
  readonly clusters: readonly { readonly name: ClusterName }[]
}): Undertaking['risks'] {
  const risks = RISKS_OF_COMPONENTS[component]
  if (component === 'etcd') return hostRisks(nodeId, risks)
  // Nobody hands over and nobody is led away from a pooler then.
  if (component === 'pgbouncer' && drainMs === 0) return []
  return clusters.flatMap(({ name: cluster }) => risks.map(risk => ({ cluster, risk })))
}
