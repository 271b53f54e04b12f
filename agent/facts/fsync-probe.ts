import { join } from 'node:path/posix'
import { setImmediate } from 'node:timers/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FsyncProbe } from '../../shared/domain/facts.ts'
import type { RawFile } from '../host/files-types.ts'
import type { Host } from '../host/host.ts'
import { hasVolatileCache } from './volatile-cache.ts'

export const PROBE_LIMITS = {
  /** 1 024 appends: ten of them are above the 99th percentile. */
  fileBytes: 8 * 1024 * 1024,
  /** What PostgreSQL writes: one WAL page. */
  writeBytes: 8 * 1024,
  budgetMs: 5_000,
  freeBytes: 256 * 1024 * 1024,
} as const

const PROBE_PREFIX = '.drover-fsync-probe-'
const SUSPICIOUS_MICROS = 30
const PREPARE_BYTES = 1024 * 1024

export interface ProbeFsyncOptions {
  readonly host: Pick<Host, 'files'>
  /** An existing directory on the file system to be measured; nothing outside of it is touched. */
  readonly directory: string
  readonly signal: AbortSignal
}

/**
 * How long a durable 8 KiB append takes (write and fdatasync together, in a file that was written before, as WAL segments are).
 * Bounded: 8 MiB, 5 s, and never with less than 256 MiB free. The file is always deleted, also those of a probe that was killed.
 * Its system calls are synchronous, so run it in a short-lived process. Errors: `not-found`, `conflict` (not a directory),
 * `exhausted`, `aborted`.
 */
export async function probeFsync({ host, directory, signal }: ProbeFsyncOptions): Promise<FsyncProbe> {
  await requireRoom(host, directory)
  await removeStaleProbes({ host, directory })
  const takenAt = new Date()
  const deadline = performance.now() + PROBE_LIMITS.budgetMs
  const path = join(directory, `${PROBE_PREFIX}${process.pid}`)
  try {
    const { micros, direct } = await measure({ host, path, deadline, signal })
    const suspicious = await suspicion(host, directory, percentile(micros, 50))
    return {
      path: directory,
      samples: micros.length,
      p50Micros: percentile(micros, 50),
      p99Micros: percentile(micros, 99),
      maxMicros: percentile(micros, 100),
      direct,
      takenAt: takenAt.toISOString(),
      ...(suspicious === null ? {} : { suspicious }),
    }
  } finally {
    await host.files.remove({ path })
  }
}

async function requireRoom(host: Pick<Host, 'files'>, directory: string): Promise<void> {
  const there = await host.files.stat(directory)
  if (there === null) {
    throw new DroverError('not-found', `cannot probe ${directory}: there is no such directory`, {
      hint: 'create the data directory first, or name another one',
    })
  }
  if (there.kind !== 'directory') throw new DroverError('conflict', `cannot probe ${directory}: it is not a directory`)
  const space = await host.files.statfs(directory)
  if (space !== null && space.availableBytes < PROBE_LIMITS.freeBytes) {
    const mebibytes = Math.floor(space.availableBytes / 1024 / 1024)
    throw new DroverError(
      'exhausted',
      `cannot probe ${directory}: only ${mebibytes} MiB are free there, 256 are needed`,
      {
        hint: 'free space on that file system',
      },
    )
  }
}

/** Deletes what a killed probe left behind in the directory. */
export async function removeStaleProbes(options: Omit<ProbeFsyncOptions, 'signal'>): Promise<void> {
  const { host, directory } = options
  for (const name of (await host.files.list(directory)) ?? []) {
    if (name.startsWith(PROBE_PREFIX)) await host.files.remove({ path: join(directory, name) })
  }
}

interface Measuring {
  readonly host: Pick<Host, 'files'>
  readonly path: string
  readonly deadline: number
  readonly signal: AbortSignal
}

async function measure(options: Measuring) {
  const { host, path, signal } = options
  const file = await host.files.openRaw({ path, direct: true })
  try {
    await prepare(file, options)
    const micros = await sample(file, options)
    if (micros.length === 0) {
      signal.throwIfAborted()
      throw new DroverError(
        'timeout',
        `the disk below ${path} took longer than ${PROBE_LIMITS.budgetMs} ms to write 8 MiB`,
      )
    }
    return { micros, direct: file.direct }
  } finally {
    file.close()
  }
}

/** Writes the whole file once, so that the samples find its blocks allocated. */
async function prepare(file: RawFile, { deadline, signal }: Measuring): Promise<void> {
  for (let position = 0; position < PROBE_LIMITS.fileBytes && performance.now() < deadline; position += PREPARE_BYTES) {
    file.writeAndSync({ bytes: PREPARE_BYTES, position })
    await breathe(signal)
  }
}

/** The samples, sorted; as many as fit into the file and the time. */
async function sample(file: RawFile, { deadline, signal }: Measuring): Promise<readonly number[]> {
  const micros: number[] = []
  const { fileBytes, writeBytes } = PROBE_LIMITS
  for (let position = 0; position < fileBytes && performance.now() < deadline; position += writeBytes) {
    micros.push(file.writeAndSync({ bytes: writeBytes, position }))
    await breathe(signal)
  }
  return micros.sort((a, b) => a - b)
}

/** Lets signals in between two system calls. */
async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate()
  if (signal.aborted) throw new DroverError('aborted', 'the fsync probe was aborted')
}

/** Nearest rank, in whole microseconds. */
export function percentile(sorted: readonly number[], percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  return Math.round(sorted[rank - 1] ?? 0)
}

/** A cache of a drive without power-loss protection, or of a hypervisor, answers faster than any medium can write. */
async function suspicion(host: Pick<Host, 'files'>, directory: string, p50Micros: number): Promise<string | null> {
  if (p50Micros >= SUSPICIOUS_MICROS) return null
  const cache = await hasVolatileCache(host, directory)
  const where =
    cache === null ? 'what is below this file system is not known' : cache ? 'the disk has a write-back cache' : null
  return where === null ? null : `${p50Micros} µs is faster than a durable write can be, and ${where}`
}
