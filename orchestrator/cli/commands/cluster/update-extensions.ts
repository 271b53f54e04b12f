import type { ExtensionUpdates } from '../../../../shared/domain/extension-update.ts'
import { tellUpdates } from '../../../operation/kinds/extensions/tell-updates.ts'
import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterUpdateExtensions(parent: Parent, cli: Cli): void {
  parent
    .command('update-extensions')
    .summary('take the declared extensions to the version of their packages')
    .description(
      'ALTER EXTENSION ... UPDATE on the primary, for extensions that the fleet file declares without a version. What PostgreSQL refuses is told, and the rest goes on. There is no way back.',
    )
    .argument('<name>', 'cluster name')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (cluster, options) => {
      await startOperation<ExtensionUpdates>(cli, {
        kind: 'update-extensions',
        request: { cluster },
        options,
        say: updates => `${cluster}: ${tellUpdates(updates)}`,
      })
    })
}
