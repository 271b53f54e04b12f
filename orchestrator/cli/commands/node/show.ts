import type { NodeFacts } from '../../../../shared/domain/facts.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { renderNode } from '../../render/node.ts'

export function addNodeShow(parent: Parent, cli: Cli): void {
  parent
    .command('show')
    .summary('everything known about a host, each fact with its source')
    .argument('<node>', 'name or id')
    .option('--json', 'one JSON document')
    .action(async (node, options) => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const shown = await api.ShowNode({ node }, { signal: cli.signal })
      const facts = shown.factsJson === '' ? null : (JSON.parse(shown.factsJson) as NodeFacts)
      if (options.json === true) out.write(toJson({ node: shown.node, facts }))
      else if (shown.node !== null) out.write(renderNode(out, shown.node, facts))
    })
}
