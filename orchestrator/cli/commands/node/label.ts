import { InvalidArgumentError } from '@commander-js/extra-typings'
import { collectLabel } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { labels } from '../../render/units.ts'

export function addNodeLabel(parent: Parent, cli: Cli): void {
  parent
    .command('label')
    .summary('set or remove labels')
    .argument('<node>', 'name or id')
    .argument('<labels...>', 'key=value sets, key- removes')
    .option('--json', 'one JSON document')
    .addHelpText('after', '\nExamples:\n  drover node label node-1 zone=a rack=r12\n  drover node label node-1 rack-\n')
    .action(async (node, changes, options) => {
      const { set, unset } = split(changes)
      const api = await cli.connect()
      const labelled = await api.LabelNode({ node, set, unset }, { signal: cli.signal })
      cli.terminal.out.write(
        options.json === true
          ? toJson(labelled)
          : `${labelled.node?.name ?? node}: ${labels(labelled.node?.labels ?? {})}\n`,
      )
    })
}

function split(changes: readonly string[]): { readonly set: Record<string, string>; readonly unset: string[] } {
  let set: Record<string, string> = {}
  const unset: string[] = []
  for (const change of changes)
    if (change.includes('=')) set = collectLabel(change, set)
    else if (change.endsWith('-')) unset.push(change.slice(0, -1))
    else throw new InvalidArgumentError(`${change}: key=value sets a label, key- removes it`)
  return { set, unset }
}
