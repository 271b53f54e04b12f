import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { renderOperation } from '../../render/operation.ts'

export function addOperationShow(parent: Parent, cli: Cli): void {
  parent
    .command('show')
    .summary('phases and steps of an operation with their times')
    .argument('<operation>', 'operation id')
    .option('--json', 'one JSON document')
    .action(async (operationId, options) => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const operation = await api.ShowOperation({ operationId }, { signal: cli.signal })
      out.write(options.json === true ? toJson(operation) : renderOperation(out, operation))
    })
}
