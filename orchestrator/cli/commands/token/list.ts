import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'
import { labels, time } from '../../render/units.ts'

export function addTokenList(parent: Parent, cli: Cli): void {
  parent
    .command('list')
    .summary('join tokens, without their secrets')
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const listed = await api.ListTokens({}, { signal: cli.signal })
      if (options.json === true) return out.write(toJson(listed))
      out.write(
        table(
          ['TOKEN', 'USED', 'EXPIRES', 'LABELS', 'CREATED BY', 'STATE'],
          listed.tokens.map(token => [
            token.id,
            `${token.uses}/${token.maxUses}`,
            time(token.expiresAtMs),
            labels(token.labels),
            token.creator || '-',
            stateOf(token),
          ]),
        ),
      )
    })
}

function stateOf(token: {
  readonly revoked: boolean
  readonly uses: number
  readonly maxUses: number
  readonly expiresAtMs: number
}): string {
  if (token.revoked) return 'revoked'
  if (token.expiresAtMs <= Date.now()) return 'expired'
  return token.uses >= token.maxUses ? 'used up' : 'open'
}
