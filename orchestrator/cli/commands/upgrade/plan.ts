import type { CampaignPlan } from '../../../../shared/domain/campaign.ts'
import type { Cli, Parent } from '../../cli.ts'
import { renderCampaignPlan } from '../../render/campaign.ts'
import { startOperation } from '../../start-operation.ts'
import { campaignRequest, withCampaignOptions } from './campaign-options.ts'

export function addUpgradePlan(parent: Parent, cli: Cli): void {
  withCampaignOptions(parent, 'plan')
    .summary('what an upgrade of the fleet would do, and what speaks against it')
    .description(
      'Waves, versions and checks of every cluster, what releases ask for, and clients that are connected past the poolers. Changes nothing.',
    )
    .option('--try', 'also lay every version out on every node and try it there, as the upgrade itself does first')
    .option('--json', 'one JSON document')
    .action(async options => {
      await startOperation<CampaignPlan>(cli, {
        kind: 'upgrade-plan',
        request: { ...campaignRequest(options), tryOut: options.try === true },
        options: { json: options.json },
        quiet: true,
        say: plan => renderCampaignPlan(plan).trimEnd(),
      })
    })
}
