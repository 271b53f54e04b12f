import type { Cli, Parent } from '../../cli.ts'
import { EXIT } from '../../exit-codes.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'

export function addAuditVerify(parent: Parent, cli: Cli): void {
  parent
    .command('verify')
    .summary('check every audit chain for breaks')
    .description(`Exits with ${EXIT.failed} when a chain is broken, and names the first record that does not fit.`)
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const verified = await api.VerifyAudit({}, { signal: cli.signal })
      if (options.json === true) out.write(toJson(verified))
      else
        out.write(
          table(
            ['CHAIN', 'RECORDS', 'STATE', 'HEAD'],
            verified.chains.map(chain => [
              chain.chain,
              String(chain.records),
              chain.intact ? 'intact' : `broken at record ${chain.firstBreak ?? '?'}`,
              chain.head.slice(0, 16),
            ]),
          ),
        )
      if (verified.chains.some(({ intact }) => !intact)) cli.setExitCode(EXIT.failed)
    })
}
