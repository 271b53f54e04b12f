import { assertNever } from '../../shared/domain/errors.ts'
import type { DiskKind } from '../../shared/domain/facts.ts'
import type { Machine, Settings } from './machine.ts'

const KIB_PER_MIB = 1024
const KIB_PER_GIB = 1024 ** 2
/** What pgtune gives its database type `oltp` when the number of connections is left open. */
const CONNECTIONS = 300
/** PostgreSQL's own max_worker_processes, which pgtune counts on where it sets none. */
const DEFAULT_WORKERS = 8

/**
 * What pgtune (github.com/le0pard/pgtune, src/features/configuration/configurationSlice.js, MIT; pgtune.leopard.in.ua)
 * publishes for Linux, database type `oltp`, PostgreSQL 15 and later, a database smaller than memory and no number of
 * connections given. Formulas only; sizes are in kibibytes there, and rounded down.
 */
export function pgtuneSettings({ cores, memoryBytes, diskKind, postgresVersion }: Machine): Settings {
  const memory = Math.floor(memoryBytes / 1024)
  const sharedBuffers = Math.floor(memory / 4)
  const maintenance = Math.min(Math.floor(memory / 16), 8 * KIB_PER_GIB)
  return {
    max_connections: String(CONNECTIONS),
    shared_buffers: `${sharedBuffers}kB`,
    effective_cache_size: `${Math.floor((memory * 3) / 4)}kB`,
    maintenance_work_mem: `${maintenance}kB`,
    ...(maintenance >= 2 * KIB_PER_GIB ? { autovacuum_work_mem: `${2 * KIB_PER_GIB}kB` } : {}),
    work_mem: `${workMem({ memory, sharedBuffers, cores })}kB`,
    wal_buffers: `${walBuffers(sharedBuffers)}kB`,
    min_wal_size: '2GB',
    max_wal_size: '8GB',
    wal_compression: 'lz4',
    checkpoint_completion_target: '0.9',
    default_statistics_target: '100',
    random_page_cost: '1.1',
    effective_io_concurrency: String(ioConcurrency(diskKind)),
    huge_pages: sharedBuffers >= 2 * KIB_PER_GIB ? 'try' : 'off',
    jit: 'off',
    ...parallelSettings(cores),
    ...autovacuumWorkers(cores),
    ...asynchronousIo(cores, postgresVersion),
  }
}

function workMem({
  memory,
  sharedBuffers,
  cores,
}: {
  readonly memory: number
  readonly sharedBuffers: number
  readonly cores: number
}): number {
  const workers = cores < 4 ? DEFAULT_WORKERS : cores
  const share = Math.floor((memory - sharedBuffers) / ((CONNECTIONS + workers) * 3))
  return Math.max(4 * KIB_PER_MIB, Math.floor(share * 1.3))
}

function walBuffers(sharedBuffers: number): number {
  const threePercent = Math.floor((3 * sharedBuffers) / 100)
  return threePercent > 14 * KIB_PER_MIB ? 16 * KIB_PER_MIB : Math.max(32, threePercent)
}

/** pgtune asks for `hdd`, `ssd`, `san` or `nvme`, `ssd` unless told otherwise. */
function ioConcurrency(kind: DiskKind | undefined): number {
  switch (kind) {
    case 'hdd':
      return 2
    case 'raid':
      return 300
    case 'nvme':
      return 1000
    case 'ssd':
    case 'virtual':
    case undefined:
      return 200
    default:
      return assertNever(kind)
  }
}

function parallelSettings(cores: number): Settings {
  if (cores < 4) return {}
  const helpers = String(Math.min(4, Math.ceil(cores / 2)))
  return {
    max_worker_processes: String(cores),
    max_parallel_workers: String(cores),
    max_parallel_workers_per_gather: helpers,
    max_parallel_maintenance_workers: helpers,
  }
}

function autovacuumWorkers(cores: number): Settings {
  if (cores < 16) return {}
  return { autovacuum_max_workers: cores >= 32 ? '5' : '4' }
}

function asynchronousIo(cores: number, postgresVersion: number): Settings {
  if (postgresVersion < 18) return {}
  const workers = Math.min(32, Math.floor(cores / 4))
  return { io_method: 'io_uring', ...(workers > 3 ? { io_workers: String(workers) } : {}) }
}
