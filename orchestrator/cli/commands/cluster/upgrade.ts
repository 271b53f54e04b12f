import { InvalidArgumentError } from '@commander-js/extra-typings'
import { allowHeldOption } from '../../allow-held.ts'
import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterUpgrade(parent: Parent, cli: Cli): void {
  parent
    .command('upgrade')
    .summary('take a cluster to another minor version, unnoticed')
    .description(
      'Lays the version out beside the one that runs, on every node of the cluster, and tries it there; then standbys one by one, a switchover, and the old primary. A member that does not come up or does not stay up takes all of them back.',
    )
    .argument('<name>', 'cluster name')
    .option('--to <version>', 'such as 17.12, or an exact Debian version; default: the newest on offer')
    .addOption(allowHeldOption())
    .option('--watch-seconds <count>', 'how long all members are watched afterwards; default: 10', readCount)
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover cluster upgrade pg-main\n  drover cluster upgrade pg-main --to 17.12 --json\n',
    )
    .action(async (cluster, { to, allowHeld, watchSeconds, ...options }) => {
      await startOperation<UpgradeAnswer>(cli, {
        kind: 'upgrade-cluster',
        request: { cluster, to, allowHeld, watchSeconds },
        options,
        say: ({ serverVersion, upgraded, stallMs, readStallMs }) =>
          upgraded.length === 0
            ? `${cluster} runs ${serverVersion} already`
            : `${cluster} runs ${serverVersion}: ${upgraded.join(', ')}; writers waited for ${stallMs} ms at most, readers of a standby for ${readStallMs} ms`,
      })
    })
}

interface UpgradeAnswer {
  readonly serverVersion: string
  readonly upgraded: readonly string[]
  readonly stallMs: number
  readonly readStallMs: number
}

function readCount(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number of seconds.')
}
