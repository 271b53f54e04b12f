import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { type MovesAnswer, renderMoves } from '../../render/moves.ts'
import { startOperation } from '../../start-operation.ts'
import { patienceOf, waitClientsOption } from '../../wait-clients.ts'

export function addClusterMove(parent: Parent, cli: Cli): void {
  parent
    .command('move')
    .summary('move a member to another node')
    .description(
      'A new member is cloned on that node while the old one stays; when it streams, the old one is withdrawn and stopped, and its data are kept for a while. A primary hands over first, unnoticed. The new member gets a new number: numbers are never used again.',
    )
    .argument('<name>', 'cluster name')
    .argument('<instance>', 'the member')
    .requiredOption('--to <node>', 'where it goes')
    .addOption(waitClientsOption())
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText('after', '\nExample:\n  drover cluster move pg-main pg-main-2 --to node-4\n')
    .action(async (cluster, instance, { to, waitClients, ...options }) => {
      await startOperation<MovesAnswer>(cli, {
        kind: 'move',
        request: { cluster, instance, to, ...patienceOf(waitClients) },
        options,
        say: renderMoves,
      })
    })
}
