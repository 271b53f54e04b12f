import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { watchOperation } from '../../watch-operation.ts'

export function addClusterSwitchover(parent: Parent, cli: Cli): void {
  parent
    .command('switchover')
    .summary('hand a cluster over to another member, unnoticed')
    .description(
      'Holds the poolers for a moment, lets Patroni hand over, and releases them: clients that come through the poolers wait, none fails. Until the candidate is writable everything is taken back on a failure.',
    )
    .argument('<name>', 'cluster name')
    .option('--to <instance>', 'the new primary; default: the best candidate')
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover cluster switchover pg-main\n  drover cluster switchover pg-main --to pg-main-2 --json\n',
    )
    .action(async (name, options) => {
      const { out } = cli.terminal
      const json = options.json === true
      const api = await cli.connect()
      const { operationId } = await api.SwitchoverCluster({ name, to: options.to ?? '' }, { signal: cli.signal })
      if (options.detach === true) {
        out.write(json ? toJson({ operationId }) : `operation ${operationId} started\n`)
        return
      }
      const ended = await watchOperation(cli, api, { operationId, json: false, quiet: json })
      if (ended !== 'done') return
      const { outputJson } = await api.ShowOperation({ operationId }, { signal: cli.signal })
      const { from, to, stallMs } = JSON.parse(outputJson) as { from: string; to: string; stallMs: number }
      out.write(
        json
          ? toJson({ operationId, from, to, stallMs })
          : `${name}: ${to} is primary now, it was ${from}; clients waited for ${stallMs} ms\n`,
      )
    })
}
