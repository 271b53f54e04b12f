import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterUnpause(parent: Parent, cli: Cli): void {
  parent
    .command('unpause')
    .summary("turn a cluster's automatic failover on again")
    .description(
      'Tells Patroni, sees that PostgreSQL itself has a synchronous standby where durability wants one and mends it if not, and takes the timers away.',
    )
    .argument('<name>', 'cluster name')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (cluster, options) => {
      await startOperation<{ readonly healed: boolean }>(cli, {
        kind: 'unpause',
        request: { cluster },
        options,
        say: ({ healed }) =>
          `${cluster}: automatic failover is on${healed ? '; synchronous replication had been lost, and is there again' : ''}`,
      })
    })
}
