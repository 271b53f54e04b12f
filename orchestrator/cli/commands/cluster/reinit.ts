import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterReinit(parent: Parent, cli: Cli): void {
  parent
    .command('reinit')
    .summary("throw a standby's data away and clone it anew")
    .description(
      'Patroni stops the standby, empties its data directory and copies the cluster again, from a replica where there is one. Refused for the primary, and for the only standby that can confirm commits under strict-sync.',
    )
    .argument('<name>', 'cluster name')
    .argument('<instance>', 'the standby')
    .option('--confirm <instance>', 'its name once more: needed when it is well')
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover cluster reinit pg-main pg-main-3\n  drover cluster reinit pg-main pg-main-3 --confirm pg-main-3 --json\n',
    )
    .action(async (cluster, instance, { confirm, ...options }) => {
      await startOperation<ReinitAnswer>(cli, {
        kind: 'reinit',
        request: { cluster, instance, confirm },
        options,
        say: ({ tookMs }) => `${instance} has been cloned anew and streams, after ${(tookMs / 1000).toFixed(1)} s`,
      })
    })
}

interface ReinitAnswer {
  readonly instance: string
  readonly tookMs: number
}
