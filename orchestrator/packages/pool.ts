import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, readdir, rename, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import { syncPath } from '../../shared/lib/durable-file.ts'
import type { DebPackage, ResolvedPackage } from './package-repository.ts'

/**
 * Where a package lives below the OS folder. The name alone says what it is, so the pool needs no index of its own:
 * `name[_epoch]_version_architecture.deb`; no part can hold an underscore.
 */
export function poolPath({ name, version, architecture }: Omit<DebPackage, 'sizeBytes'>): string {
  const initial = name.startsWith('lib') ? name.slice(0, 4) : name.slice(0, 1)
  return `pool/${initial}/${name}/${name}_${version.replace(':', '_')}_${architecture}.deb`
}

/** The reverse of `poolPath`, from the file name; undefined for other files. */
export function parsePoolName(fileName: string): Omit<DebPackage, 'sizeBytes'> | undefined {
  const match = /^([^_]+)_(?:(\d+)_)?([^_]+)_([^_]+)\.deb$/.exec(fileName)
  if (match === null) return undefined
  const [, name = '', epoch, version = '', architecture = ''] = match
  return { name, version: epoch === undefined ? version : `${epoch}:${version}`, architecture }
}

/** Every package in an OS's pool with its path below the OS folder, sorted by path. */
export async function listPool(osDirectory: string): Promise<readonly (DebPackage & { readonly filename: string })[]> {
  const entries = await readdir(join(osDirectory, 'pool'), { recursive: true, withFileTypes: true }).catch(() => [])
  const packages = entries.flatMap(entry => {
    const parsed = entry.isFile() ? parsePoolName(entry.name) : undefined
    return parsed === undefined ? [] : [{ ...parsed, filename: poolPath(parsed) }]
  })
  const sized = await Promise.all(
    packages.map(async item => ({ ...item, sizeBytes: (await stat(join(osDirectory, item.filename))).size })),
  )
  return sized.sort((a, b) => (a.filename < b.filename ? -1 : 1))
}

/** True when the pool holds exactly these bytes. */
export async function isPooled(osDirectory: string, item: ResolvedPackage): Promise<boolean> {
  const path = join(osDirectory, item.filename)
  const found = await stat(path).catch(() => undefined)
  return found?.size === item.sizeBytes && (await sha256Of(path)) === item.sha256
}

/** Moves a downloaded file into the pool once its hash is what the source's signed index says; throws `failed` when it is not. */
export async function placeInPool({
  osDirectory,
  file,
  item,
  keep,
}: {
  osDirectory: string
  file: string
  item: ResolvedPackage
  keep: boolean
}): Promise<void> {
  const sha256 = await sha256Of(file)
  if (sha256 !== item.sha256) {
    throw new DroverError(
      'failed',
      `the download of ${item.name} ${item.version} does not have the hash that the signed index of its source states`,
      {
        hint: 'run the same command again; if it repeats, the mirror serves a damaged file',
        retryable: true,
      },
    )
  }
  const target = join(osDirectory, item.filename)
  const aside = join(osDirectory, 'incoming', basename(target))
  await mkdir(dirname(aside), { recursive: true })
  await mkdir(dirname(target), { recursive: true })
  await (keep ? copyFile(file, aside) : rename(file, aside))
  await syncPath(aside)
  await rename(aside, target)
  await syncPath(dirname(target))
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
