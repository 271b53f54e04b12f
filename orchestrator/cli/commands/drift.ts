import type { NodeDrift__Output } from '../../../proto/gen/drover/v1/NodeDrift.ts'
import type { Cli, Parent } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { toJson } from '../render/json.ts'
import { table } from '../render/table.ts'
import { duration } from '../render/units.ts'

export function addDrift(parent: Parent, cli: Cli): void {
  parent
    .command('drift')
    .summary('what on the hosts is not as it was applied')
    .description(
      'Asks the agents to compare their hosts with what was applied, now, and lists what differs. `drover apply` repairs it.',
    )
    .argument('[node]', 'only this node')
    .option('--json', 'one JSON document')
    .option('--exit-code', `exit with ${EXIT.changes} when there is drift`)
    .action(async (node, options) => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const drift = await api.Drift({ node: node ?? '' }, { signal: cli.signal })
      if (options.json === true) out.write(toJson(drift))
      else {
        const rows = drift.nodes.flatMap(entry =>
          entry.items.map(item => [entry.node, item.kind, item.name, item.detail]),
        )
        if (rows.length > 0) out.write(table(['NODE', 'KIND', 'NAME', 'DIFFERENCE'], rows))
        for (const entry of drift.nodes) if (entry.items.length === 0 || entry.detail !== '') out.write(note(entry))
      }
      if (options.exitCode === true && drift.nodes.some(({ state }) => state === 'drifted'))
        cli.setExitCode(EXIT.changes)
    })
}

/** A node without differences, or one that could not be asked now: `node-3: ok, compared 41s ago (it is not connected; ...)`. */
function note({ node, state, checkedAtMs, detail }: NodeDrift__Output): string {
  const age = checkedAtMs === undefined ? '' : `, compared ${duration(Math.max(0, Date.now() - checkedAtMs))} ago`
  return `${node}: ${state}${age}${detail === '' ? '' : ` (${detail})`}\n`
}
