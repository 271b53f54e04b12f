import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterStop(parent: Parent, cli: Cli): void {
  parent
    .command('stop')
    .summary('stop a cluster until it is started')
    .description(
      'Shuts its doors first, so that clients are refused at once; then stops its standbys, then its primary. Files and data stay in place, and no apply starts it.',
    )
    .argument('<name>', 'cluster name')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (cluster, options) => {
      await startOperation<StopAnswer>(cli, {
        kind: 'stop-cluster',
        request: { cluster },
        options,
        say: () => `${cluster} is stopped; start it with: drover cluster start ${cluster}`,
      })
    })
}

interface StopAnswer {
  readonly cluster: string
  readonly instances: readonly string[]
}
