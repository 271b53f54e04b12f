import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'
import { bytes, labels, time } from '../../render/units.ts'

export function addNodeList(parent: Parent, cli: Cli): void {
  parent
    .command('list')
    .summary('hosts with an agent')
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const listed = await api.ListNodes({}, { signal: cli.signal })
      if (options.json === true) return out.write(toJson(listed))
      out.write(
        table(
          ['NODE', 'STATE', 'ADDRESS', 'CORES', 'THREADS', 'MEMORY', 'DISKS', 'OS', 'LABELS', 'LAST SEEN'],
          listed.nodes.map(node => [
            node.name,
            node.state + (node.pendingReason === '' ? '' : ` (${node.pendingReason})`),
            node.address || '-',
            String(node.hardware?.cores ?? '-'),
            String(node.hardware?.threads ?? '-'),
            bytes(node.hardware?.memoryBytes),
            (node.hardware?.disks ?? []).map(disk => `${disk.kind} ${bytes(disk.sizeBytes)}`).join(' ') || '-',
            node.os || '-',
            labels(node.labels),
            time(node.lastSeenMs),
          ]),
        ),
      )
    })
}
