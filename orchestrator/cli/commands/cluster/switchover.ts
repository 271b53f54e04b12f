import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
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
    .addOption(ignoreHealthOption())
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
        say: ({ from, to, stallMs, stall: { drain, handOver, synchronous, orders } }) =>
          `${cluster}: ${to} is primary now, it was ${from}; clients waited for ${stallMs} ms: ${drain} until transactions had ended, ${handOver} for Patroni, ${synchronous} until a standby confirmed, ${orders} for orders`,
      })
    })
}

interface SwitchoverAnswer {
  readonly from: string
  readonly to: string
  readonly stallMs: number
  readonly stall: {
    readonly drain: number
    readonly handOver: number
    readonly synchronous: number
    readonly orders: number
  }
}
