import { parseCount } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'
import { duration, time } from '../../render/units.ts'

export function addOperationList(parent: Parent, cli: Cli): void {
  parent
    .command('list')
    .summary('operations, newest first')
    .option('--limit <count>', 'how many', parseCount, 20)
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const listed = await api.ListOperations({ limit: options.limit }, { signal: cli.signal })
      if (options.json === true) return out.write(toJson(listed))
      out.write(
        table(
          ['OPERATION', 'KIND', 'SUBJECT', 'STATE', 'STARTED', 'TOOK', 'BY', 'HOLDS'],
          listed.operations.map(operation => [
            operation.operationId,
            operation.kind,
            operation.subject,
            operation.state,
            time(operation.createdAtMs),
            operation.endedAtMs === undefined ? '-' : duration(operation.endedAtMs - operation.createdAtMs),
            operation.requestedBy,
            operation.locks.join(', ') || '-',
          ]),
        ),
      )
    })
}
