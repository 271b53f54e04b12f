import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'

export function addTokenRevoke(parent: Parent, cli: Cli): void {
  parent
    .command('revoke')
    .summary('make a join token useless')
    .argument('<id>', 'the id that `drover token list` shows')
    .option('--json', 'one JSON document')
    .action(async (id, options) => {
      const api = await cli.connect()
      const revoked = await api.RevokeToken({ id }, { signal: cli.signal })
      cli.terminal.out.write(options.json === true ? toJson(revoked) : `token ${id} revoked\n`)
    })
}
