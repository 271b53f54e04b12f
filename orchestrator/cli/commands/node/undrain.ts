import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addNodeUndrain(parent: Parent, cli: Cli): void {
  parent
    .command('undrain')
    .summary('let new members come to a drained node again')
    .description('What left it stays where it is now.')
    .argument('<node>', 'name or id')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (name, options) => {
      await startOperation<{ readonly node: string }>(cli, {
        kind: 'undrain',
        request: { node: name },
        options,
        say: ({ node }) => `${node} takes new members again`,
      })
    })
}
