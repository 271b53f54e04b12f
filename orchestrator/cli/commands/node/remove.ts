import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { type MovesAnswer, renderMoves } from '../../render/moves.ts'
import { startOperation } from '../../start-operation.ts'

export function addNodeRemove(parent: Parent, cli: Cli): void {
  parent
    .command('remove')
    .summary('take a node out of the fleet')
    .description(
      'An empty node; or with --dead a host that will never come back: its members and its vote in etcd are replaced on other nodes, and what lies on it is given up. Its certificates are void at once. A node is never taken for dead by itself.',
    )
    .argument('<node>', 'name or id')
    .option('--dead <node>', 'its name once more: the host will never come back')
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText('after', '\nExamples:\n  drover node remove node-4\n  drover node remove node-3 --dead node-3\n')
    .action(async (name, { dead, ...options }) => {
      await startOperation<RemoveAnswer>(cli, {
        kind: 'remove-node',
        request: { node: name, dead },
        options,
        say: answer =>
          [`${answer.node} is removed`, ...(answer.moves.length === 0 ? [] : [renderMoves(answer)])].join('\n'),
      })
    })
}

interface RemoveAnswer extends MovesAnswer {
  readonly node: string
}
