import type { Cli, Parent } from '../../cli.ts'
import { ignoreHealthOption } from '../../ignore-health.ts'
import { startOperation } from '../../start-operation.ts'

export function addClusterFailover(parent: Parent, cli: Cli): void {
  parent
    .command('failover')
    .summary('promote a standby of a cluster whose primary is dead')
    .description(
      'For a primary whose host is dead: Patroni promotes a standby as soon as the old lease is over. Refused while any member still reaches a primary, and when acknowledged commits could be lost, unless that loss is accepted by name. If Patroni was faster, says so.',
    )
    .argument('<name>', 'cluster name')
    .option('--to <instance>', 'the new primary; default: a synchronous standby, else the one that lacks least')
    .option('--accept-data-loss <instance>', 'promote this one although it may lack acknowledged commits')
    .addOption(ignoreHealthOption())
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover cluster failover pg-main\n  drover cluster failover pg-main --to pg-main-3 --accept-data-loss pg-main-3\n',
    )
    .action(async (cluster, { to, acceptDataLoss, ...options }) => {
      await startOperation<FailoverAnswer>(cli, {
        kind: 'failover',
        request: { cluster, to, acceptDataLoss },
        options,
        say: answer => sayFailover(cluster, answer),
      })
    })
}

interface FailoverAnswer {
  readonly from: string
  readonly to: string
  readonly tookMs: number
  readonly lostAtMost: { readonly knownBytes: number; readonly unknownMs: number }
  readonly byItself: boolean
}

function sayFailover(cluster: string, { from, to, tookMs, lostAtMost, byItself }: FailoverAnswer): string {
  if (byItself) return `${cluster}: Patroni has failed over by itself; ${to} is primary now, ${from} is away`
  const { knownBytes, unknownMs } = lostAtMost
  const loss =
    knownBytes === 0 && unknownMs === 0
      ? 'nothing acknowledged is lost'
      : `lost at most: ${knownBytes} bytes of WAL that are known of, and commits of the last ${unknownMs / 1000} s`
  return `${cluster}: ${to} is primary now, it was ${from}; took ${tookMs} ms; ${loss}`
}
