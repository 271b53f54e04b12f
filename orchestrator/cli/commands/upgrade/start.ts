import type { CampaignReport } from '../../../../shared/domain/campaign.ts'
import type { Cli, Parent } from '../../cli.ts'
import { renderReports } from '../../render/campaign.ts'
import { startOperation } from '../../start-operation.ts'
import { campaignRequest, parseWhole, withCampaignOptions } from './campaign-options.ts'

export function addUpgradeStart(parent: Parent, cli: Cli): void {
  withCampaignOptions(parent, 'start')
    .summary('take the fleet to another minor version, wave by wave, unnoticed')
    .description(
      'Looks at every cluster first and begins nothing when one cannot be upgraded. Canaries, then waves that grow; each is watched before the next. A cluster that fails takes itself back; one that is not well while it is watched is taken back, and nothing more is begun.',
    )
    .option(
      '--watch-seconds <count>',
      'how long the members of a cluster are watched at the end of its own upgrade; default: 10',
      parseWhole,
    )
    .option('--detach', 'start it and return at once')
    .option('--json', 'the report, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover upgrade start --canary pg-dev --soak 30m\n  drover upgrade start --stage pg-dev,pg-test --stage pg-main --per zone=1 --window "Sat,Sun 02:00-06:00 Europe/Berlin"\n',
    )
    .action(async options => {
      await startOperation<CampaignReport>(cli, {
        kind: 'upgrade',
        request: { ...campaignRequest(options), watchSeconds: options.watchSeconds },
        options: { detach: options.detach, json: options.json },
        say: ({ clusters }) => renderReports(clusters).trimEnd(),
      })
    })
}
