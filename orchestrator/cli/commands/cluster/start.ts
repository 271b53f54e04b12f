import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterStart(parent: Parent, cli: Cli): void {
  parent
    .command('start')
    .summary('start a cluster that was stopped')
    .description(
      'Whoever was primary when it was stopped starts first, then the others; ends when all members stream and all services are up.',
    )
    .argument('<name>', 'cluster name')
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (cluster, options) => {
      await startOperation<StartAnswer>(cli, {
        kind: 'start-cluster',
        request: { cluster },
        options,
        say: ({ instances }) => `${cluster} runs again: ${instances.join(', ')}`,
      })
    })
}

interface StartAnswer {
  readonly cluster: string
  readonly instances: readonly string[]
}
