import { access, readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DroverError } from '../../shared/domain/errors.ts'
import { aptComplaint, parseDownloadPercent } from './apt-output.ts'
import type { AptWorkspace } from './apt-workspace.ts'
import { archivesDirectory, downloadPackages } from './apt-workspace.ts'
import type { FillProgress, ResolvedPackage } from './package-repository.ts'
import { placeInPool, sha256Of } from './pool.ts'
import type { RunCommand } from './run-command.ts'

/** A resolved package, and where its source keeps it. */
export interface Download extends ResolvedPackage {
  readonly uri: string
  readonly archiveName: string
}

export interface DownloadRequest {
  readonly os: string
  readonly workspace: AptWorkspace
  readonly osDirectory: string
  readonly downloads: readonly Download[]
  readonly run: RunCommand
  /** Bytes free for this path's file system. */
  readonly freeBytes: (path: string) => Promise<number>
  readonly progress?: ((progress: FillProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Room for indexes, and so that the disk is not filled to the last block. */
const MARGIN_BYTES = 32 * 1024 * 1024

/** Thrown when a source no longer has what its lists promise; fetching the lists anew helps. */
export class StaleListsError extends DroverError {
  constructor(message: string) {
    super('unavailable', message)
    this.name = 'StaleListsError'
  }
}

/** Fetches the packages into apt's archive folder and moves each, once verified, into the pool. What an interrupted run fetched whole is used. */
export async function downloadIntoPool(request: DownloadRequest): Promise<void> {
  const { workspace, osDirectory, downloads } = request
  const archives = archivesDirectory(workspace)
  const needed = await keepWhole(archives, downloads)
  await refuseFullDisk(request, needed)
  if (needed.length > 0) await fetch(request, needed)
  for (const item of downloads) {
    const { file, keep } = await fetchedFile(archives, item)
    await placeInPool({ osDirectory, file, item, keep })
  }
}

/** Clears the archive folder of everything but whole files that are wanted now; returns those still to fetch. */
async function keepWhole(archives: string, downloads: readonly Download[]): Promise<readonly Download[]> {
  const wanted = new Map(downloads.map(item => [item.archiveName, item]))
  const whole = new Set<string>()
  for (const name of (await readdir(archives)).filter(name => name.endsWith('.deb'))) {
    const item = wanted.get(name)
    if (item !== undefined && (await sha256Of(join(archives, name))) === item.sha256) whole.add(name)
    else await rm(join(archives, name))
  }
  return downloads.filter(item => !whole.has(item.archiveName))
}

async function refuseFullDisk(
  { os, osDirectory, freeBytes }: DownloadRequest,
  needed: readonly Download[],
): Promise<void> {
  const bytes = needed.reduce((sum, item) => sum + item.sizeBytes, 0)
  const free = await freeBytes(osDirectory)
  if (free >= bytes + MARGIN_BYTES) return
  throw new DroverError(
    'exhausted',
    `the packages of ${os} need ${megabytes(bytes)} MB, but the disk of ${osDirectory} has ${megabytes(free)} MB free`,
    {
      hint: 'free some space, then run the same command again; nothing was changed',
    },
  )
}

async function fetch(
  { os, workspace, run, progress, signal }: DownloadRequest,
  needed: readonly Download[],
): Promise<void> {
  const bytes = needed.reduce((sum, item) => sum + item.sizeBytes, 0)
  const report = (percent: number) => progress?.({ phase: 'download', packages: needed.length, bytes, percent })
  report(0)
  const result = await run(
    downloadPackages(
      workspace,
      needed.map(item => `${item.name}=${item.version}`),
    ),
    {
      signal,
      onStatusLine(line) {
        const percent = parseDownloadPercent(line)
        if (percent !== undefined) report(percent)
      },
    },
  )
  if (result.exitCode !== 0) throw downloadFailed(os, result.stderr)
  report(100)
}

function downloadFailed(os: string, stderr: string): DroverError {
  if (/No space left|enough free space/.test(stderr)) {
    return new DroverError('exhausted', `the disk is too full for the packages of ${os}`, {
      hint: 'free some space, then run the same command again',
    })
  }
  const message = `packages of ${os} cannot be downloaded: ${aptComplaint(stderr)}`
  if (/\b404\b|was not found|File not found/.test(stderr)) return new StaleListsError(message)
  return new DroverError('unavailable', message, {
    hint: 'run the same command again: what was downloaded whole is kept',
  })
}

/** apt leaves a local source's file where it is in some cases; then it is copied from there. */
async function fetchedFile(
  archives: string,
  item: Download,
): Promise<{ readonly file: string; readonly keep: boolean }> {
  const file = join(archives, item.archiveName)
  const fetched = await access(file).then(
    () => true,
    () => false,
  )
  if (fetched || !item.uri.startsWith('file:')) return { file, keep: false }
  return { file: fileURLToPath(item.uri), keep: true }
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000)
}

/** Bytes an ordinary user may still write on the file system of a path. */
export async function freeBytesOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path)
  return bavail * bsize
}
