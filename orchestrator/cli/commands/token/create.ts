import { DroverError } from '../../../../shared/domain/errors.ts'
import { collectLabel, parseCount, parseDuration } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { time } from '../../render/units.ts'

const HOUR_MS = 3_600_000

export function addTokenCreate(parent: Parent, cli: Cli): void {
  parent
    .command('create')
    .summary('make a join token for new hosts')
    .description(
      'Prints the token once. Put it into /etc/drover/join-token, a systemd credential or the kernel command line of a host.',
    )
    .option('--uses <count>', 'how many hosts may use it', parseCount, 1)
    .option('--ttl <duration>', 'how long it is good for: 30m, 1h, 1d (at most 24h)', parseDuration, HOUR_MS)
    .option('-l, --label <key=value>', 'label that every host gets; repeatable', collectLabel, {})
    .option('--cidr <cidr>', 'only hosts that come from here')
    .option('--no-auto-approve', 'hosts wait for `drover node approve`')
    .option('--replace <node>', 'the host takes over this node, with a new generation')
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out, err } = cli.terminal
      if (options.ttl > 24 * HOUR_MS)
        throw new DroverError('invalid', 'a token is good for at most 24h', { hint: 'give a shorter --ttl' })
      const api = await cli.connect()
      const created = await api.CreateToken(
        {
          maxUses: options.uses,
          ttlMs: options.ttl,
          labels: options.label,
          cidr: options.cidr ?? '',
          autoApprove: options.autoApprove,
          replaceNode: options.replace ?? '',
        },
        { signal: cli.signal },
      )
      if (options.json === true) out.write(toJson(created))
      else {
        out.write(`${created.secretToken}\n`)
        err.write(
          `good for ${options.uses} ${options.uses === 1 ? 'host' : 'hosts'} until ${time(created.token?.expiresAtMs)}\n`,
        )
      }
    })
}
