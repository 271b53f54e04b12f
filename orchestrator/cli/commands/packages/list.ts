import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'
import { bytes } from '../../render/units.ts'

export function addPackagesList(parent: Parent, cli: Cli): void {
  parent
    .command('list')
    .summary('what the fleet repository holds')
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const listed = await api.ListPackages({}, { signal: cli.signal })
      if (options.json === true) return out.write(toJson(listed))
      out.write(
        table(
          ['OS', 'PACKAGE', 'VERSION', 'SIZE'],
          listed.packages.map(entry => [entry.os, entry.name, entry.version, bytes(entry.sizeBytes)]),
        ),
      )
    })
}
