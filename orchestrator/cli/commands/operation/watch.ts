import { parseCursor } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { watchOperation } from '../../watch-operation.ts'

export function addOperationWatch(parent: Parent, cli: Cli): void {
  parent
    .command('watch')
    .summary('follow an operation to its end')
    .description('Ends with 0 when the operation is done and 3 when it failed. Ctrl-C detaches; the operation goes on.')
    .argument('<operation>', 'operation id')
    .option('--after <cursor>', 'only what came after this event; every event of --json has its cursor', parseCursor, 0)
    .option('--json', 'NDJSON')
    .action(async (operationId, options) => {
      const api = await cli.connect()
      await watchOperation(cli, api, { operationId, json: options.json === true, afterCursor: options.after })
    })
}
