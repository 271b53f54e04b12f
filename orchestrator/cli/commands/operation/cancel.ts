import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'

export function addOperationCancel(parent: Parent, cli: Cli): void {
  parent
    .command('cancel')
    .summary('stop a running operation')
    .description(
      'What a host is doing right now is finished; nothing more is started. The next apply, or resume, completes the work.',
    )
    .argument('<operation>', 'operation id')
    .option('--json', 'one JSON document')
    .action(async (operationId, options) => {
      const api = await cli.connect()
      const operation = await api.CancelOperation({ operationId }, { signal: cli.signal })
      cli.terminal.out.write(
        options.json === true ? toJson(operation) : `operation ${operationId} ${operation.summary?.state ?? ''}\n`,
      )
    })
}
