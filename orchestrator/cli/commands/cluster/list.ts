import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'

export function addClusterList(parent: Parent, cli: Cli): void {
  parent
    .command('list')
    .summary('clusters with their primaries')
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const { clusters } = await api.Status({}, { signal: cli.signal })
      if (options.json === true) return out.write(toJson({ clusters }))
      out.write(
        table(
          ['CLUSTER', 'POSTGRESQL', 'STATE', 'PRIMARY', 'MEMBERS'],
          clusters.map(cluster => [
            cluster.name,
            cluster.postgresVersion || '-',
            cluster.state,
            cluster.primary || '-',
            String(cluster.members.length),
          ]),
        ),
      )
    })
}
