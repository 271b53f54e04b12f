import { z } from 'zod'
import type { CampaignPlan } from '../../../../shared/domain/campaign.ts'
import type { OperationKind } from '../../program.ts'
import { onRequest } from '../requested-kind.ts'
import type { CampaignInput } from './campaign.ts'
import { heardSnapshot } from './heard-snapshot.ts'
import { lookBeforehand, tryBeforehand } from './look-beforehand.ts'
import { campaignOf, campaignRequest } from './requested-campaign.ts'

interface LookInput extends CampaignInput {
  /** Also lays out every version and tries it. */
  readonly tryOut: boolean
}

const look: OperationKind<LookInput, CampaignPlan> = {
  kind: 'upgrade-plan',
  async run(input, op) {
    const looked = await lookBeforehand(input, op)
    if (!input.tryOut || looked.plan.clusters.some(({ refused }) => refused)) return { output: looked.plan }
    return { output: (await tryBeforehand(input, looked, op)).plan }
  },
}

/** `drover upgrade plan`: changes nothing; what it has laid out stays for the upgrade, and is collected by it. */
export const requestedLook = onRequest({
  kind: look,
  request: campaignRequest.extend({ tryOut: z.boolean().default(false) }),
  async prepare({ tryOut, ...request }, { fleet }) {
    const input = { ...campaignOf(request, await heardSnapshot(fleet)), tryOut }
    return { subject: `${input.clusters.length} clusters`, clusters: [], locks: [], input }
  },
})
