import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterPurge(parent: Parent, cli: Cli): void {
  parent
    .command('purge')
    .summary('erase the data of what was removed, now')
    .description(
      'Deletes the data directories of a removed cluster, or of one member that left, or drops a database, user, schema or extension that was taken away by name, without waiting for the tombstone to be over. Each agent checks for itself that nothing of it runs. There is no way back.',
    )
    .argument('<name>', 'removed cluster, member that left, or what left a cluster: database:pg-main/app')
    .option('--confirm <name>', 'its name once more: needed')
    .option(
      '--without-backup',
      'needed for whatever holds data as long as no backup is known, and this version takes none',
    )
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover cluster purge pg-old --confirm pg-old --without-backup\n  drover cluster purge pg-main-3 --confirm pg-main-3\n  drover cluster purge database:pg-main/app --confirm database:pg-main/app --without-backup\n',
    )
    .action(async (name, { confirm, withoutBackup, ...options }) => {
      await startOperation<PurgeAnswer>(cli, {
        kind: 'purge',
        request: { name, confirm, withoutBackup },
        options,
        say: ({ erased }) => `the data of ${erased.join(', ')} are erased`,
      })
    })
}

interface PurgeAnswer {
  readonly erased: readonly string[]
}
