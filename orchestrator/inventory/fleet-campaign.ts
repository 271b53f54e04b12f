import type { CampaignControl } from '../../shared/domain/campaign.ts'
import type { OperationId } from '../../shared/domain/ids.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Mutation, Store } from '../store/store.ts'

const PREFIX = 'campaign-control/'

/** What people have said about a campaign since it began; undefined: nothing, or it is over. */
export async function readCampaignControl(
  store: Pick<Store, 'get'>,
  id: OperationId,
): Promise<CampaignControl | undefined> {
  const entry = await store.get(PREFIX + id)
  return entry === null ? undefined : decodeJson<CampaignControl>(entry)
}

export function putCampaignControl(id: OperationId, control: CampaignControl): Mutation {
  return { kind: 'put', key: PREFIX + id, value: encodeJson(control) }
}

export function forgetCampaignControl(id: OperationId): Mutation {
  return { kind: 'delete', key: PREFIX + id }
}
