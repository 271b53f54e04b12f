import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { AptSource } from '../../orchestrator/packages/apt-source.ts'
import { poolPath } from '../../orchestrator/packages/pool.ts'
import { publish } from '../../orchestrator/packages/publish.ts'
import { runCommand } from '../../orchestrator/packages/run-command.ts'
import { openSigningKey } from '../../orchestrator/packages/signing-key.ts'

export interface TinyDeb {
  readonly name: string
  readonly version: string
  /** Further control fields: `{ Depends: 'libgreet (>= 1)' }`. */
  readonly fields?: Readonly<Record<string, string>>
}

export interface DebSource {
  readonly source: AptSource
  /** The folder of the source; a test that goes offline removes it. */
  readonly directory: string
  pathOf(deb: TinyDeb): string
}

/** A signed apt source in a folder, of packages made on the spot: no network. */
export async function makeDebSource(root: string, debs: readonly TinyDeb[]): Promise<DebSource> {
  const directory = join(root, 'source')
  const pathOf = (deb: TinyDeb) => join(directory, poolPath({ ...deb, architecture: 'all' }))
  for (const deb of debs) await buildDeb({ root, deb, target: pathOf(deb) })
  const key = await openSigningKey({ home: join(root, 'source-key'), run: runCommand })
  await publish({
    osDirectory: directory,
    architecture: 'amd64',
    cacheFile: join(root, 'source.db'),
    key,
    run: runCommand,
  })
  await key.close()
  return {
    directory,
    pathOf,
    source: { uris: [`file:${directory}`], suites: ['drover'], components: ['main'], signedBy: key.publicKey },
  }
}

async function buildDeb({ root, deb, target }: { root: string; deb: TinyDeb; target: string }): Promise<void> {
  const tree = join(root, 'build', `${deb.name}-${deb.version}`)
  await mkdir(join(tree, 'DEBIAN'), { recursive: true })
  await mkdir(join(tree, 'usr/share', deb.name), { recursive: true })
  await mkdir(dirname(target), { recursive: true })
  const fields = {
    Package: deb.name,
    Version: deb.version,
    Architecture: 'all',
    Maintainer: 'test <test@localhost>',
    Description: deb.name,
    ...deb.fields,
  }
  await writeFile(
    join(tree, 'DEBIAN/control'),
    Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(''),
  )
  await writeFile(join(tree, 'usr/share', deb.name, 'content'), `${deb.name} ${deb.version}\n`)
  const result = await runCommand({ argv: ['dpkg-deb', '--root-owner-group', '--build', tree, target] })
  if (result.exitCode !== 0) throw new Error(result.stderr)
}
