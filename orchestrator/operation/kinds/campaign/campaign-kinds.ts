/** What goes through the fleet in waves: one at a time. */
export const CAMPAIGN_KINDS = ['upgrade', 'upgrade-agents', 'upgrade-components'] as const

export type CampaignKind = (typeof CAMPAIGN_KINDS)[number]

export function isCampaign(kind: string): kind is CampaignKind {
  return CAMPAIGN_KINDS.some(each => each === kind)
}
