import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { type MovesAnswer, renderMoves } from '../../render/moves.ts'
import { startOperation } from '../../start-operation.ts'
import { patienceOf, waitClientsOption } from '../../wait-clients.ts'

export function addNodeDrain(parent: Parent, cli: Cli): void {
  parent
    .command('drain')
    .summary('move everything off a node')
    .description(
      'Nothing new comes to the node. Its primaries hand over, unnoticed; its members are replaced on other nodes and stopped when their successors stream; its vote in etcd goes to another node. Refused when there is no room elsewhere.',
    )
    .argument('<node>', 'name or id')
    .addOption(waitClientsOption())
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async (node, { waitClients, ...options }) => {
      await startOperation<DrainAnswer>(cli, {
        kind: 'drain',
        request: { node, ...patienceOf(waitClients) },
        options,
        say: answer =>
          [
            `${answer.node} is drained`,
            ...(answer.moves.length === 0 ? [] : [renderMoves(answer)]),
            ...(answer.voter === undefined ? [] : [`${answer.voter} votes in etcd no more, another one does`]),
          ].join('\n'),
      })
    })
}

interface DrainAnswer extends MovesAnswer {
  readonly node: string
  readonly voter?: string
}
