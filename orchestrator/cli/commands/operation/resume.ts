import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { watchOperation } from '../../watch-operation.ts'

export function addOperationResume(parent: Parent, cli: Cli): void {
  parent
    .command('resume')
    .summary('go on with a failed or cancelled operation')
    .description('Only the newest operation can be resumed; after that, apply the spec again.')
    .argument('<operation>', 'operation id')
    .option('--detach', 'return at once')
    .option('--json', 'NDJSON')
    .action(async (operationId, options) => {
      const api = await cli.connect()
      const operation = await api.ResumeOperation({ operationId }, { signal: cli.signal })
      if (options.detach === true) {
        cli.terminal.out.write(options.json === true ? toJson(operation) : `operation ${operationId} goes on\n`)
        return
      }
      await watchOperation(cli, api, { operationId, json: options.json === true })
    })
}
