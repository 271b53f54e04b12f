import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { renderOperation } from '../../render/operation.ts'

export function addOperationShow(parent: Parent, cli: Cli): void {
  parent
    .command('show')
    .summary('phases and steps of an operation, and where its time went')
    .description(
      'Each line: when it began, how long it took, and the state. * marks the longest path: the steps that waited for each other and decided how long the whole took.',
    )
    .argument('<operation>', 'operation id')
    .option('--json', 'one JSON document')
    .action(async (operationId, options) => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const operation = await api.ShowOperation({ operationId }, { signal: cli.signal })
      out.write(options.json === true ? toJson(operation) : renderOperation(out, operation))
    })
}
