import type { ExtensionOffer__Output } from '../../../../proto/gen/drover/v1/ExtensionOffer.ts'
import { parseCount } from '../../arguments.ts'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'

export function addPackagesExtensions(parent: Parent, cli: Cli): void {
  parent
    .command('extensions')
    .summary('which extensions a file may declare, and what each takes')
    .description(
      "What the package sources offer for an OS and a PostgreSQL version, the server's own included: version of the package, libraries that must be loaded at a start (members are restarted before the extension can be created), on how many nodes it is installed, and where it is declared.",
    )
    .option('--os <os...>', 'debian13, debian12; default: the OS of every node')
    .option('--major <version>', 'PostgreSQL version; default: the one that the OS ships', parseCount)
    .option('--json', 'one JSON document')
    .action(async options => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const listed = await api.ListExtensions(
        { os: options.os ?? [], major: options.major ?? 0 },
        { signal: cli.signal },
      )
      if (options.json === true) return out.write(toJson(listed))
      out.write(
        table(
          ['OS', 'EXTENSION', 'PACKAGE', 'VERSION', 'PRELOAD', 'NODES', 'DECLARED IN'],
          listed.extensions.map(extension => [
            `${extension.os} ${extension.major}`,
            extension.name,
            extension.package || 'server',
            extension.version,
            preloadOf(extension),
            String(extension.nodes.length),
            extension.declared.join(', ') || '-',
          ]),
        ),
      )
    })
}

function preloadOf({ preload, restart }: ExtensionOffer__Output): string {
  return restart ? `${preload.join(', ')} (restart)` : '-'
}
