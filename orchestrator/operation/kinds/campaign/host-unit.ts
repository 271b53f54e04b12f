import type { CampaignCluster } from '../../../../shared/domain/campaign.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'

/** A host takes the place of a cluster that has only this one node: waves, caps and windows of both are the same. */
export function hostUnit(host: {
  readonly id: NodeId
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}): CampaignCluster {
  const { id, name, labels } = host
  return { name, members: [], nodes: [{ id, labels }] }
}
