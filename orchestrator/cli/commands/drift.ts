import type { Cli, Parent } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { renderDrift } from '../render/drift.ts'
import { toJson } from '../render/json.ts'

export function addDrift(parent: Parent, cli: Cli): void {
  parent
    .command('drift')
    .summary('what is not as it was applied')
    .description(
      'Has the agents look at their hosts and servers, now, and lists what is not as it was applied: files, packages and units of nodes; settings, client authentication, users, databases, ' +
        "Patroni's configuration and the members of clusters. `drover apply` repairs it, but for what it names another command for.",
    )
    .argument('[node-or-cluster]', 'only this node, or this cluster and the nodes of its members')
    .option('--json', 'one JSON document')
    .option('--exit-code', `exit with ${EXIT.changes} when there is drift`)
    .action(async (node, options) => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const drift = await api.Drift({ node: node ?? '' }, { signal: cli.signal })
      out.write(options.json === true ? toJson(drift) : renderDrift(drift, Date.now()))
      const hasDrifted = [...drift.nodes, ...drift.clusters].some(({ state }) => state === 'drifted')
      if (options.exitCode === true && hasDrifted) cli.setExitCode(EXIT.changes)
    })
}
