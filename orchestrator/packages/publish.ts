import { createHash } from 'node:crypto'
import {
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { DroverError } from '../../shared/domain/errors.ts'
import { syncPath } from '../../shared/lib/durable-file.ts'
import { listPool } from './pool.ts'
import type { Command, RunCommand } from './run-command.ts'
import type { SigningKey } from './signing-key.ts'

/** The one suite of the fleet repository, whatever the OS: the OS is in the URL. */
export const SUITE = 'drover'

/** Earlier package lists that stay reachable by hash, for hosts that read the release file just before it changed. */
const KEPT_LISTS = 6

export interface PublishRequest {
  /** `…/public/debian13`: holds `pool` and `dists`. */
  readonly osDirectory: string
  readonly architecture: string
  /** apt-ftparchive's cache of what it read from each .deb. */
  readonly cacheFile: string
  readonly key: SigningKey
  readonly run: RunCommand
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes the signed index of the pool and puts it in place of the one before.
 *
 * A new generation is a folder of its own; `dists/drover` is a symbolic link that moves to it in one step. A host that
 * read the release file before the step still finds the lists it names, by hash, in the new generation.
 */
export async function publish(request: PublishRequest): Promise<void> {
  const { osDirectory, architecture, key } = request
  const generations = join(osDirectory, 'dists/generations')
  await mkdir(generations, { recursive: true })
  const current = await currentGeneration(osDirectory)
  await removeOtherGenerations(generations, current)

  const name = String(Number(current ?? '0') + 1).padStart(8, '0')
  const generation = join(generations, name)
  const lists = join(generation, 'main', `binary-${architecture}`)
  const byHash = join(lists, 'by-hash/SHA256')
  await mkdir(byHash, { recursive: true })

  const packages = await ftparchive(request, packagesCommand(request))
  await writeList({ lists, byHash, name: 'Packages', content: Buffer.from(packages) })
  await writeList({ lists, byHash, name: 'Packages.gz', content: await promisify(gzip)(packages) })
  if (current !== undefined)
    await keepEarlierLists(join(generations, current, 'main', `binary-${architecture}`, 'by-hash/SHA256'), byHash)

  const release = await ftparchive(request, releaseCommand(generation, architecture))
  await writeFile(join(generation, 'Release'), release)
  await writeFile(join(generation, 'InRelease'), await key.clearSign(release))
  await writeFile(join(generation, 'Release.gpg'), await key.detachSign(release))
  await syncTree(generation)

  const pointer = join(osDirectory, 'dists', `${SUITE}.new`)
  await rm(pointer, { force: true })
  await symlink(`generations/${name}`, pointer)
  await rename(pointer, join(osDirectory, 'dists', SUITE))
  await syncPath(join(osDirectory, 'dists'))
}

/**
 * `behind`: files have come, as after a crash between placing and publishing; `wrong`: it tells of a file that another one has replaced, or
 * that is gone, in whose place another one may come.
 */
export type IndexState = 'current' | 'behind' | 'wrong'

/** How the published index and the files of the pool agree. */
export async function indexState(osDirectory: string, architecture: string): Promise<IndexState> {
  const listFile = join(osDirectory, 'dists', SUITE, 'main', `binary-${architecture}`, 'Packages')
  const text = await readFile(listFile, 'utf8').catch(() => undefined)
  if (text === undefined) return 'behind'
  const { ctimeMs: writtenAt } = await stat(listFile)
  const published = new Set(Array.from(text.matchAll(/^Filename: (.+)$/gm), match => match[1]))
  const pooled = await listPool(osDirectory)
  const listed = pooled.filter(({ filename }) => published.has(filename))
  const placed = await Promise.all(listed.map(({ filename }) => stat(join(osDirectory, filename))))
  if (listed.length < published.size || placed.some(({ ctimeMs }) => ctimeMs > writtenAt)) return 'wrong'
  return listed.length === pooled.length ? 'current' : 'behind'
}

function packagesCommand({ osDirectory, architecture, cacheFile }: PublishRequest): Command {
  // Else the cache goes by names alone. With it, by names and seconds, which is why it is thrown away where files have been replaced.
  const stat = ['-o', 'APT::FTPArchive::AlwaysStat=true']
  return {
    argv: ['apt-ftparchive', '-qq', ...stat, '--db', cacheFile, '--arch', architecture, 'packages', 'pool'],
    cwd: osDirectory,
  }
}

function releaseCommand(generation: string, architecture: string): Command {
  const fields = {
    Origin: 'Drover',
    Label: 'Drover fleet packages',
    Suite: SUITE,
    Codename: SUITE,
    Architectures: architecture,
    Components: 'main',
    'Acquire-By-Hash': 'true',
  }
  const options = Object.entries(fields).flatMap(([name, value]) => [
    '-o',
    `APT::FTPArchive::Release::${name}=${value}`,
  ])
  // apt looks for by-hash files under the strongest hash that the release file names: exactly one, then.
  const hashes = ['MD5', 'SHA1', 'SHA512'].flatMap(name => ['-o', `APT::FTPArchive::Release::${name}=false`])
  return { argv: ['apt-ftparchive', '-qq', ...options, ...hashes, 'release', '.'], cwd: generation }
}

async function ftparchive({ run, signal }: PublishRequest, command: Command): Promise<string> {
  const result = await run(command, { signal })
  if (result.exitCode === 0) return result.stdout
  const code = /No space left/.test(result.stderr) ? 'exhausted' : 'failed'
  throw new DroverError(code, `cannot index the package repository: ${result.stderr.trim()}`)
}

async function writeList({
  lists,
  byHash,
  name,
  content,
}: {
  lists: string
  byHash: string
  name: string
  content: Uint8Array
}): Promise<void> {
  await writeFile(join(lists, name), content)
  await link(join(lists, name), join(byHash, createHash('sha256').update(content).digest('hex')))
}

async function keepEarlierLists(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch(() => [])
  const aged = await Promise.all(names.map(async name => ({ name, at: (await stat(join(from, name))).mtimeMs })))
  aged.sort((a, b) => b.at - a.at)
  for (const { name } of aged.slice(0, KEPT_LISTS)) {
    // A list that did not change is already there under the same name.
    await link(join(from, name), join(to, name)).catch(() => copyFile(join(from, name), join(to, name)))
  }
}

async function currentGeneration(osDirectory: string): Promise<string | undefined> {
  const target = await readlink(join(osDirectory, 'dists', SUITE)).catch(() => undefined)
  return target === undefined ? undefined : basename(target)
}

/** Leftovers of a publication that was cut off, and the generation before the current one. */
async function removeOtherGenerations(generations: string, current: string | undefined): Promise<void> {
  for (const name of await readdir(generations)) {
    if (name !== current) await rm(join(generations, name), { recursive: true, force: true })
  }
}

async function syncTree(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  for (const entry of entries) await syncPath(join(entry.parentPath, entry.name))
  await syncPath(directory)
}
