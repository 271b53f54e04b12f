import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterUndoRemove(parent: Parent, cli: Cli): void {
  parent
    .command('undo-remove')
    .summary('bring a removed cluster back as it was')
    .description(
      'The same members with their data, ports and passwords: whoever was primary starts first. Possible until its data are erased. Put it back into the file as well.',
    )
    .argument('<name>', 'cluster name')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (cluster, options) => {
      await startOperation<UndoAnswer>(cli, {
        kind: 'undo-remove',
        request: { cluster },
        options,
        say: ({ instances }) => `${cluster} is back: ${instances.join(', ')}`,
      })
    })
}

interface UndoAnswer {
  readonly cluster: string
  readonly instances: readonly string[]
}
