import { failpointsOf } from '../../../shared/lib/failpoint.ts'
import { serve } from '../../serve.ts'
import type { Cli, Parent } from '../cli.ts'
import { DEFAULT_DIRECTORY } from '../defaults.ts'

export function addServe(parent: Parent, cli: Cli): void {
  parent
    .command('serve')
    .summary('run the orchestrator')
    .description(
      'Runs until SIGTERM or SIGINT, then says goodbye to the agents and stops. Listeners are set in DIR/config.yml.',
    )
    .option('--dir <directory>', 'state made by `drover init`', DEFAULT_DIRECTORY)
    .action(options => {
      const failpoints = failpointsOf(cli.environment)
      return serve({ directory: options.dir, signal: cli.signal, failpoints })
    })
}
