import type { Cli, Parent } from '../../cli.ts'
import { toJsonLine } from '../../render/json.ts'

export function addPackagesFill(parent: Parent, cli: Cli): void {
  parent
    .command('fill')
    .summary('fetch what clusters need into the fleet repository')
    .description(
      'Needs the network once; afterwards the fleet works offline. `drover apply` does the same for what its spec needs.',
    )
    .argument('[packages...]', 'further packages, name or name=version')
    .option('--os <os...>', 'debian13, debian12; default: the OS of every node')
    .option('--json', 'NDJSON')
    .action(async (packages, options) => {
      const { out, err } = cli.terminal
      const api = await cli.connect()
      for await (const progress of api.FillPackages({ os: options.os ?? [], packages }, { signal: cli.signal }))
        if (options.json === true) out.write(toJsonLine(progress))
        else err.write(`${progress.os}: ${progress.message}\n`)
      if (options.json !== true) out.write('the fleet repository is filled\n')
    })
}
