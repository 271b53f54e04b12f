import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'

export function addNodeApprove(parent: Parent, cli: Cli): void {
  parent
    .command('approve')
    .summary('let a pending host into the fleet')
    .description('A re-imaged host gets a new generation: every command signed for the old one is void.')
    .argument('<node>', 'name or id')
    .option('--json', 'one JSON document')
    .action(async (node, options) => {
      const api = await cli.connect()
      const approved = await api.ApproveNode({ node }, { signal: cli.signal })
      cli.terminal.out.write(
        options.json === true ? toJson(approved) : `node ${approved.node?.name ?? node} approved\n`,
      )
    })
}
