import { parseDuration } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterPause(parent: Parent, cli: Cli): void {
  parent
    .command('pause')
    .summary("turn a cluster's automatic failover off for a time")
    .description(
      'Patroni promotes nobody and restarts nothing by itself until the time is over, `unpause`, or `failover`. A timer on every member turns it on again, whatever becomes of Drover.',
    )
    .argument('<name>', 'cluster name')
    .option('--for <duration>', 'from one minute to seven days', parseDuration, 3_600_000)
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText('after', '\nExamples:\n  drover cluster pause pg-main --for 30m\n  drover cluster unpause pg-main\n')
    .action(async (cluster, { for: forMs, ...options }) => {
      await startOperation<{ readonly until: number }>(cli, {
        kind: 'pause',
        request: { cluster, forMs },
        options,
        say: ({ until }) => `${cluster}: automatic failover is paused until ${new Date(until).toISOString()}`,
      })
    })
}
