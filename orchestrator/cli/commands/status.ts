import type { Cli, Parent } from '../cli.ts'
import { isAbort } from '../cli.ts'
import { EXIT } from '../exit-codes.ts'
import { toJson, toJsonLine } from '../render/json.ts'
import { renderStatus } from '../render/status.ts'

const HOME_AND_CLEAR = '\u001b[H\u001b[J'

export function addStatus(parent: Parent, cli: Cli): void {
  parent
    .command('status')
    .summary('what is running where, as observed')
    .argument('[cluster]', 'only this cluster')
    .option('-w, --watch', 'show it again whenever it changes')
    .option('--json', 'one JSON document; with --watch NDJSON')
    .action(async (cluster, options) => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const request = { cluster: cluster ?? '' }
      if (options.watch !== true) {
        const status = await api.Status(request, { signal: cli.signal })
        out.write(options.json === true ? toJson(status) : renderStatus(out, status))
        return
      }
      try {
        for await (const status of api.WatchStatus(request, { signal: cli.signal }))
          if (options.json === true) out.write(toJsonLine(status))
          else out.write((out.interactive ? HOME_AND_CLEAR : '') + renderStatus(out, status))
      } catch (error) {
        if (!isAbort(error)) throw error
        cli.setExitCode(EXIT.interrupted)
      }
    })
}
