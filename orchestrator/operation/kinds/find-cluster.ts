import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName } from '../../../shared/domain/ids.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import type { FleetAccess } from '../dependencies.ts'

/** As it was last applied. Throws `not-found`. */
export async function findCluster(cluster: ClusterName, fleet: Pick<FleetAccess, 'snapshot'>): Promise<ClusterSpec> {
  const { appliedSpec } = await fleet.snapshot({})
  const spec = appliedSpec?.clusters.find(({ name }) => name === cluster)
  if (spec !== undefined) return spec
  throw new DroverError('not-found', `there is no cluster ${cluster}`, { hint: 'drover cluster list' })
}
