import { DroverError } from '../../../../shared/domain/errors.ts'
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
    if (change.includes('=')) set = labelled(change, set)
    else if (change.length > 1 && change.endsWith('-')) unset.push(change.slice(0, -1))
    else throw unclear(change)
  return { set, unset }
}

/** commander reports what its own parsers refuse; here an action is at work, which has to say it itself. */
function labelled(change: string, set: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return collectLabel(change, set)
  } catch {
    throw unclear(change)
  }
}

function unclear(change: string): DroverError {
  return new DroverError('invalid', `\`${change}\` is no change of a label`, {
    hint: 'write zone=a to set a label and zone- to remove it; values have letters, digits, `.`, `_` and `-`',
  })
}
