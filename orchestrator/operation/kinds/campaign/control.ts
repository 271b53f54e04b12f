import { z } from 'zod'
import type { CampaignControl } from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { OperationId } from '../../../../shared/domain/ids.ts'
import { putCampaignControl } from '../../../inventory/fleet-campaign.ts'
import type { ProgramStep } from '../../program.ts'
import { onRequest } from '../requested-kind.ts'
import type { CampaignInput } from './campaign.ts'
import { CAMPAIGN_KINDS } from './campaign-kinds.ts'
import { capsRequest } from './policy.ts'

interface ControlInput {
  readonly change: z.output<typeof change>
}

const change = z.strictObject({
  paused: z.boolean().optional(),
  caps: capsRequest.optional(),
})

/** `drover upgrade pause`, `resume`, `caps`: what is under way goes on, and what begins next obeys. */
export const campaignControl = onRequest({
  kind: {
    kind: 'upgrade-control',
    run: async (input: ControlInput, op) => ({ output: await op.step(setControl(input)) }),
  },
  request: change,
  prepare: async request => ({
    subject: describe(request),
    clusters: [],
    locks: [],
    input: { change: request },
  }),
})

function setControl({
  change: wanted,
}: ControlInput): ProgramStep<CampaignControl & { readonly campaign: OperationId; readonly kind: string }> {
  return {
    title: describe(wanted),
    async act({ children, fleet }) {
      const running = await children.running(CAMPAIGN_KINDS)
      if (running === null)
        throw new DroverError('not-found', 'no upgrade is running', { hint: 'drover operation list', retryable: false })
      const before =
        (await fleet.campaignControl(running.operationId)) ?? (running.input as Pick<CampaignInput, 'control'>).control
      const { paused = before.paused, caps = {} } = wanted
      const { fleet: all = before.caps.fleet, node = before.caps.node, labels = before.caps.labels } = caps
      const control = { paused, caps: { fleet: all, node, labels } }
      return {
        result: { ...control, campaign: running.operationId, kind: running.kind },
        detail: describe(wanted),
        alongside: [putCampaignControl(running.operationId, control)],
      }
    },
  }
}

function describe({ paused, caps }: ControlInput['change']): string {
  const words = [
    ...(paused === undefined ? [] : [paused ? 'pause' : 'resume']),
    ...(caps === undefined ? [] : [`caps ${JSON.stringify(caps)}`]),
  ]
  return words.join(', ')
}
