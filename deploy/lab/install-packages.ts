import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageSources } from './base-image.ts'
import type { LabContext } from './lab-context.ts'
import type { OsName } from './model.ts'
import { sourcesList } from './package-sources.ts'
import { runInRoot } from './run-in-root.ts'

export interface PackageInstall {
  /** A root folder that is being made: the one `buildLayer` hands to `populate`. */
  readonly root: string
  readonly os: OsName
  /** Package names, or absolute paths of .deb files inside the root. */
  readonly packages: readonly string[]
}

/**
 * Installs packages into an image that is being made, from this machine's Debian mirror. No service starts, and
 * neither package sources nor downloads stay behind: hosts have no source but the one Drover gives them.
 */
export async function installPackages({ root, os, packages }: PackageInstall, context: LabContext): Promise<void> {
  const { run, signal } = context
  const list = join(root, 'etc/apt/sources.list.d/lab-build.list')
  const proxy = join(root, 'etc/apt/apt.conf.d/99lab-build')
  const settings = await run({ argv: ['apt-config', 'dump', 'Acquire::http::Proxy', 'Acquire::https::Proxy'], signal })
  try {
    await writeFile(list, sourcesList(await packageSources(context), os))
    await writeFile(proxy, settings.stdout, { mode: 0o600 })
    await run(runInRoot({ root, online: true, argv: ['apt-get', '-qq', 'update'], signal }))
    const install = ['apt-get', '-qq', '-y', '--no-install-recommends', 'install', ...packages]
    await run(runInRoot({ root, online: true, argv: install, timeoutMs: 1_800_000, signal }))
  } finally {
    await rm(list, { force: true })
    await rm(proxy, { force: true })
    await run(runInRoot({ root, argv: ['sh', '-c', 'apt-get clean && rm -rf /var/lib/apt/lists/*'] }))
  }
}
