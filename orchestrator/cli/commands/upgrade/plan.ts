import type { CampaignPlan } from '../../../../shared/domain/campaign.ts'
import type { Cli, Parent } from '../../cli.ts'
import { renderCampaignPlan } from '../../render/campaign.ts'
import { startOperation } from '../../start-operation.ts'
import { campaignRequest, withCampaignOptions } from './campaign-options.ts'

export function addUpgradePlan(parent: Parent, cli: Cli): void {
  withCampaignOptions(parent, 'plan')
    .summary('what an upgrade of the fleet would do, and what speaks against it')
    .description('Waves, versions and checks of every cluster. Changes nothing.')
    .option('--json', 'one JSON document')
    .action(async options => {
      await startOperation<CampaignPlan>(cli, {
        kind: 'upgrade-plan',
        request: campaignRequest(options),
        options: { json: options.json },
        quiet: true,
        say: plan => renderCampaignPlan(plan).trimEnd(),
      })
    })
}
