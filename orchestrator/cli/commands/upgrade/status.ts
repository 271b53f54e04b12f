import { DroverError } from '../../../../shared/domain/errors.ts'
import type { FleetClient } from '../../../../shared/wire/services.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { renderUpgradeStatus } from '../../render/upgrade/table.ts'
import { watchOperation } from '../../watch-operation.ts'
import { watchUpgrade } from './watch-upgrade.ts'

/** All that are remembered: a campaign is older than the upgrades of its clusters. */
const REMEMBERED = 2_000

export function addUpgradeStatus(parent: Parent, cli: Cli): void {
  parent
    .command('status')
    .summary('how far the newest upgrade of the fleet has come')
    .description('On a terminal --watch redraws it in place; elsewhere it tells what happens, line by line.')
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
    .description('Clusters that are under way come to their end; what is upgraded stays so.')
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

async function newest(api: FleetClient, signal: AbortSignal): Promise<string> {
  const { operations } = await api.ListOperations({ limit: REMEMBERED }, { signal })
  const found = operations.find(({ kind }) => kind === 'upgrade')
  if (found !== undefined) return found.operationId
  throw new DroverError('not-found', 'no upgrade of the fleet has been started', { hint: 'drover upgrade plan' })
}
