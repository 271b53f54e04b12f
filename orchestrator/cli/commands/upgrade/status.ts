import type { FleetClient } from '../../../../shared/wire/services.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { renderUpgradeStatus } from '../../render/upgrade/table.ts'
import { watchOperation } from '../../watch-operation.ts'
import { watchUpgrade } from './watch-upgrade.ts'

export function addUpgradeStatus(parent: Parent, cli: Cli): void {
  parent
    .command('status')
    .summary('how far an upgrade of the fleet has come')
    .description(
      'Of clusters, agents or components: the one that runs, or ran last. On a terminal --watch redraws it in place; elsewhere it tells what happens, line by line.',
    )
    .option('--watch', 'follow it to its end')
    .option('--json', 'the operation, as one JSON document; with --watch NDJSON')
    .action(async options => {
      const api = await cli.connect()
      const { out } = cli.terminal
      if (options.watch === true && out.interactive && options.json !== true) return await watchUpgrade(cli, api)
      if (options.watch !== true && options.json !== true) {
        out.write(renderUpgradeStatus(out, await api.ShowUpgrade({ operationId: '' }, { signal: cli.signal })))
        return
      }
      const operationId = await newest(api, cli.signal)
      if (options.watch === true) {
        await watchOperation(cli, api, { operationId, json: options.json === true })
        return
      }
      out.write(toJson(await api.ShowOperation({ operationId }, { signal: cli.signal })))
    })
}

export function addUpgradeAbort(parent: Parent, cli: Cli): void {
  parent
    .command('abort')
    .summary('end the upgrade: nothing more is begun')
    .description(
      'Of clusters, agents or components. Clusters that are under way come to their end, hosts that get a component too; a host whose agent has just been switched goes back by itself. What is upgraded stays so.',
    )
    .option('--json', 'one JSON document')
    .action(async options => {
      const api = await cli.connect()
      const operationId = await newest(api, cli.signal)
      const operation = await api.CancelOperation({ operationId }, { signal: cli.signal })
      cli.terminal.out.write(
        options.json === true ? toJson(operation) : `upgrade ${operationId} ${operation.summary?.state ?? ''}\n`,
      )
    })
}

/** The one that runs, or ran last. */
async function newest(api: FleetClient, signal: AbortSignal): Promise<string> {
  return (await api.ShowUpgrade({ operationId: '' }, { signal })).operationId
}
