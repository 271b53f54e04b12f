import type { ListNodesResponse__Output } from '../../../../proto/gen/drover/v1/ListNodesResponse.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'
import { bytes, labels, time } from '../../render/units.ts'

export function addNodeList(parent: Parent, cli: Cli): void {
  parent
    .command('list')
    .summary('hosts with an agent')
    .description('With --json also every fact: a file that `drover plan --facts` takes.')
    .option('--json', 'one JSON document')
    .option('--packages', 'with --json also the packages on offer for each OS; asks the package sources')
    .addHelpText('after', '\nExample:\n  drover node list --json --packages > hosts.json\n')
    .action(async options => {
      const { out } = cli.terminal
      if (options.packages === true && options.json !== true)
        throw new DroverError('invalid', '--packages belongs to --json', { hint: 'drover packages list shows a table' })
      const api = await cli.connect()
      const json = options.json === true
      const listed = await api.ListNodes({ facts: json, packages: options.packages === true }, { signal: cli.signal })
      if (json) return out.write(toJson(factsFile(listed)))
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

/** What the API packs as text and messages, unpacked: docs/planning.md describes the file. */
function factsFile({ nodes, factsJson, packages }: ListNodesResponse__Output): unknown {
  return {
    nodes: nodes.map(node => {
      const facts = factsJson[node.id]
      return facts === undefined ? node : { ...node, facts: JSON.parse(facts) as unknown }
    }),
    packages: Object.fromEntries(Object.entries(packages).map(([os, { versions }]) => [os, versions])),
  }
}
