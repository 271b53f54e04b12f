import { parseDuration } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterRemove(parent: Parent, cli: Cli): void {
  parent
    .command('remove')
    .summary('stop a cluster for good; its data are kept for a while')
    .description(
      'Shuts its doors, stops its standbys and then its primary, and takes its configuration off the hosts. Data, ports and passwords are kept until the tombstone is over: until then `drover cluster undo-remove` brings it back. Take it out of the file as well.',
    )
    .argument('<name>', 'cluster name')
    .option('--confirm <name>', 'its name once more: needed')
    .option('--keep <duration>', 'how long its data are kept; default 7d', parseDuration)
    .option('--without-backup', 'needed as long as no backup is known, and this version takes none')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover cluster remove pg-old --confirm pg-old --without-backup\n  drover cluster remove pg-old --confirm pg-old --without-backup --keep 30d --json\n',
    )
    .action(async (cluster, { confirm, keep, withoutBackup, ...options }) => {
      await startOperation<RemoveAnswer>(cli, {
        kind: 'remove-cluster',
        request: { cluster, confirm, keepMs: keep, withoutBackup },
        options,
        say: ({ instances }) =>
          `${cluster} is removed; the data of ${instances.join(', ')} are kept (drover cluster list says how long)`,
      })
    })
}

interface RemoveAnswer {
  readonly cluster: string
  readonly keptMs: number
  readonly instances: readonly string[]
}
