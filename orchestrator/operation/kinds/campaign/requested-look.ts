import type { CampaignPlan } from '../../../../shared/domain/campaign.ts'
import type { OperationKind } from '../../program.ts'
import { onRequest } from '../requested-kind.ts'
import type { CampaignInput } from './campaign.ts'
import { lookAtAll } from './look.ts'
import { campaignOf, campaignRequest } from './requested-campaign.ts'

const look: OperationKind<CampaignInput, CampaignPlan> = {
  kind: 'upgrade-plan',
  async run(input, op) {
    op.phase('look')
    return { output: await op.step(lookAtAll(input)) }
  },
}

/** `drover upgrade plan`: changes nothing. */
export const requestedLook = onRequest({
  kind: look,
  request: campaignRequest,
  async prepare(request, { fleet }) {
    const input = campaignOf(request, await fleet.snapshot({}))
    return { subject: `${input.clusters.length} clusters`, clusters: [], locks: [], input }
  },
})
