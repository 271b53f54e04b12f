import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { type MovesAnswer, renderMoves } from '../../render/moves.ts'
import { startOperation } from '../../start-operation.ts'
import { patienceOf, waitClientsOption } from '../../wait-clients.ts'

export function addClusterReplace(parent: Parent, cli: Cli): void {
  parent
    .command('replace')
    .summary('replace a member by a new one on another node')
    .description(
      'Like `cluster move`, but placement chooses the node. The members of a host that will never come back are replaced by `drover node remove NAME --dead NAME`.',
    )
    .argument('<name>', 'cluster name')
    .argument('<instance>', 'the member')
    .addOption(waitClientsOption())
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (cluster, instance, { waitClients, ...options }) => {
      await startOperation<MovesAnswer>(cli, {
        kind: 'replace',
        request: { cluster, instance, ...patienceOf(waitClients) },
        options,
        say: renderMoves,
      })
    })
}
