import { z } from 'zod'
import { planKind } from '../requested-kind.ts'
import { heardSnapshot } from './heard-snapshot.ts'
import { lookBeforehand, tryBeforehand } from './look-beforehand.ts'
import { campaignOf, campaignRequest } from './requested-campaign.ts'

/** `drover upgrade plan`: changes nothing; what `tryOut` has laid out stays for the upgrade, and is collected by it. */
export const requestedLook = planKind({
  kind: 'upgrade-plan',
  request: campaignRequest.extend({ tryOut: z.boolean().default(false) }),
  async prepare({ tryOut, ...request }, { fleet }) {
    const input = { ...campaignOf(request, await heardSnapshot(fleet)), tryOut }
    return { subject: `${input.clusters.length} clusters`, input }
  },
  async look(input, op) {
    const looked = await lookBeforehand(input, op)
    if (!input.tryOut || looked.plan.clusters.some(({ refused }) => refused)) return looked.plan
    return (await tryBeforehand(input, looked, op)).plan
  },
})
