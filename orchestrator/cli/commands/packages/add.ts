import { resolve } from 'node:path'
import type { Cli, Parent } from '../../cli.ts'
import { toJson } from '../../render/json.ts'

export function addPackagesAdd(parent: Parent, cli: Cli): void {
  parent
    .command('add')
    .summary('take packages that no source has into the fleet repository')
    .description(
      "Such as the agent's own, for `drover upgrade agents`. The files are read by the orchestrator, on its machine. Whoever adds a package vouches for it: hosts trust what the fleet's key has signed.",
    )
    .argument('<files...>', '.deb files')
    .option('--os <os...>', 'debian13, debian12; default: every OS that the repository serves')
    .option('--json', 'one JSON document')
    .action(async (files, options) => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const { packages } = await api.AddPackages(
        { paths: files.map(file => resolve(file)), os: options.os ?? [] },
        { signal: cli.signal },
      )
      if (options.json === true) out.write(toJson({ packages }))
      else for (const { os, name, version } of packages) out.write(`${os}: ${name} ${version}\n`)
    })
}
