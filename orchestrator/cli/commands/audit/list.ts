import { parseCount } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'
import { time } from '../../render/units.ts'

export function addAuditList(parent: Parent, cli: Cli): void {
  parent
    .command('list')
    .summary('who did what')
    .description("The orchestrator's own chain; with --node what that host was asked to do, and what it refused.")
    .option('--node <node>', 'the chain of this host')
    .option('--limit <count>', 'how many, newest first', parseCount, 50)
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const listed = await api.ListAudit({ node: options.node ?? '', limit: options.limit }, { signal: cli.signal })
      if (options.json === true) return out.write(toJson(listed))
      out.write(
        table(
          ['TIME', 'CHAIN', 'TYPE', 'ACTOR', 'SUBJECT', 'DETAIL'],
          listed.records.map(record => [
            time(record.atMs),
            record.chain,
            record.type,
            record.actor || '-',
            record.subject || '-',
            record.detail,
          ]),
        ),
      )
    })
}
