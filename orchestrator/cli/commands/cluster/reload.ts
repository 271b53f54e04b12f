import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterReload(parent: Parent, cli: Cli): void {
  parent
    .command('reload')
    .summary('let all members read their configuration again')
    .description(
      'Patroni reads its file and writes that of PostgreSQL, which reads it; no session notices. Then what Patroni, the files and the running servers say is compared: a difference fails the operation, and what only waits for a restart is named.',
    )
    .argument('<name>', 'cluster name')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (cluster, options) => {
      await startOperation<ReloadAnswer>(cli, {
        kind: 'reload',
        request: { cluster },
        options,
        say: ({ reloaded, pending }) => {
          const waiting = [...new Set(pending.map(({ name, from, to }) => `${name} ${from} → ${to}`))]
          return `${cluster}: reloaded ${reloaded.join(', ')}; ${waiting.length === 0 ? 'nothing waits for a restart' : `for the next restart: ${waiting.join(', ')}`}`
        },
      })
    })
}

interface ReloadAnswer {
  readonly reloaded: readonly string[]
  readonly pending: readonly { readonly name: string; readonly from: string; readonly to: string }[]
}
