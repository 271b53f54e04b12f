import type { Cluster__Output } from '../../../../proto/gen/drover/v1/Cluster.ts'
import type { Tombstone__Output } from '../../../../proto/gen/drover/v1/Tombstone.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'

export function addClusterList(parent: Parent, cli: Cli): void {
  parent
    .command('list')
    .summary('clusters with their primaries; removed ones until their data are erased')
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const { clusters: present, removed, tombstones } = await api.Status({}, { signal: cli.signal })
      const clusters = [...present, ...removed]
      if (options.json === true) return out.write(toJson({ clusters, tombstones }))
      out.write(
        table(
          ['CLUSTER', 'POSTGRESQL', 'STATE', 'PRIMARY', 'MEMBERS'],
          clusters.map(cluster => [
            cluster.name,
            cluster.postgresVersion || '-',
            shownState(cluster),
            cluster.primary || '-',
            String(cluster.members.length),
          ]),
        ),
      )
      const objects = tombstones.filter(({ object }) => object !== '')
      if (objects.length > 0) out.write(`\nKept for a while:\n${objects.map(objectLine).join('')}`)
    })
}

function objectLine({ object, keptAs, eraseAfterMs, blocked }: Tombstone__Output): string {
  const until = eraseAfterMs === undefined ? 'on its way out' : `until ${new Date(eraseAfterMs).toISOString()}`
  const name = keptAs === '' ? '' : `, as ${keptAs}`
  return `  ${object}  ${until}${name}${blocked === '' ? '' : `; not dropped: ${blocked}`}\n`
}

function shownState({ state, eraseAfterMs }: Cluster__Output): string {
  if (state !== 'removed') return state
  return eraseAfterMs === undefined ? 'removed' : `removed, kept until ${new Date(eraseAfterMs).toISOString()}`
}
