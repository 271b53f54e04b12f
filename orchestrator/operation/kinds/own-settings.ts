import type { ClusterName } from '../../../shared/domain/ids.ts'
import type { FleetAccess } from '../dependencies.ts'
import type { OwnSettings } from '../settings/settings-agree.ts'

/** What members of a cluster have otherwise than the others, as it was last applied. */
export async function ownSettings(cluster: ClusterName, fleet: Pick<FleetAccess, 'snapshot'>): Promise<OwnSettings> {
  const { appliedSettings } = await fleet.snapshot({})
  const byInstance = appliedSettings?.[cluster]?.byInstance ?? {}
  return Object.fromEntries(Object.entries(byInstance).map(([instance, settings]) => [instance, Object.keys(settings)]))
}
