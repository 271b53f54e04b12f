import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { upgradeSvg } from '../../render/upgrade/svg.ts'
import { renderUpgradeReport } from '../../render/upgrade/table.ts'

export function addUpgradeReport(parent: Parent, cli: Cli): void {
  parent
    .command('report')
    .summary('what an upgrade of the fleet did to each cluster or host, and where its time went')
    .argument('[operation]', 'operation id; default: the upgrade that runs, or ran last')
    .option('--svg <file>', 'draw it into this file: clusters, or hosts, over time, below their waves')
    .option('--json', 'one JSON document')
    .action(async (operationId, options) => {
      const api = await cli.connect()
      const { out } = cli.terminal
      const upgrade = await api.ShowUpgrade({ operationId: operationId ?? '' }, { signal: cli.signal })
      if (options.svg !== undefined) await cli.writeFile(options.svg, upgradeSvg(upgrade))
      out.write(options.json === true ? toJson(upgrade) : renderUpgradeReport(out, upgrade))
    })
}
