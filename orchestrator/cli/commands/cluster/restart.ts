import { DroverError } from '../../../../shared/domain/errors.ts'
import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterRestart(parent: Parent, cli: Cli): void {
  parent
    .command('restart')
    .summary('restart the servers of a cluster one by one, unnoticed')
    .description(
      'Standbys first, those that lag most first of them, each streaming again before the next; then the primary, while its poolers hold the clients. Clients that come through the poolers wait, none fails. Where a setting falls that standbys must not have less of, the primary goes first.',
    )
    .argument('<name>', 'cluster name')
    .option('--member <instance>', 'this one alone')
    .option('--pending', 'only those with settings that wait for a restart')
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover cluster restart pg-main\n  drover cluster restart pg-main --pending\n  drover cluster restart pg-main --member pg-main-2 --json\n',
    )
    .action(async (cluster, { member, pending, ...options }) => {
      if (member !== undefined && pending === true)
        throw new DroverError('invalid', '--member names one member, --pending those that need it', {
          hint: 'give one of the two',
        })
      await startOperation<RestartAnswer>(cli, {
        kind: 'restart',
        request: { cluster, instance: member, pending },
        options,
        say: answer => sentence(cluster, answer),
      })
    })
}

interface RestartAnswer {
  readonly restarted: readonly string[]
  readonly stallMs: number
  readonly readStallMs: number
  readonly pendingBefore: readonly {
    readonly instance: string
    readonly name: string
    readonly from: string
    readonly to: string
  }[]
}

function sentence(cluster: string, { restarted, stallMs, readStallMs, pendingBefore }: RestartAnswer): string {
  if (restarted.length === 0) return `${cluster}: nothing waits for a restart`
  const settings = [...new Set(pendingBefore.map(({ name, from, to }) => `${name} ${from} → ${to}`))]
  const taken = settings.length === 0 ? '' : `; ${settings.join(', ')}`
  return `${cluster}: restarted ${restarted.join(', ')}; writers waited for ${stallMs} ms, readers for ${readStallMs} ms${taken}`
}
