import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterSwitchover(parent: Parent, cli: Cli): void {
  parent
    .command('switchover')
    .summary('hand a cluster over to another member, unnoticed')
    .description(
      'Holds the poolers for a moment, lets Patroni hand over, and releases them: clients that come through the poolers wait, none fails. Until the candidate is writable everything is taken back on a failure.',
    )
    .argument('<name>', 'cluster name')
    .option('--to <instance>', 'the new primary; default: the best candidate')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover cluster switchover pg-main\n  drover cluster switchover pg-main --to pg-main-2 --json\n',
    )
    .action(async (cluster, { to, ...options }) => {
      await startOperation<SwitchoverAnswer>(cli, {
        kind: 'switchover',
        request: { cluster, to },
        options,
        say: ({ from, to, stallMs }) =>
          `${cluster}: ${to} is primary now, it was ${from}; clients waited for ${stallMs} ms`,
      })
    })
}

interface SwitchoverAnswer {
  readonly from: string
  readonly to: string
  readonly stallMs: number
}
