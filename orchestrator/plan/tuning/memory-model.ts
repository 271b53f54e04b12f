import { parsePgSize } from '../pg-units.ts'
import type { SettingValues } from './tuned-setting.ts'

const KIB = 1024
const MIB = 1024 ** 2

/** Private memory of a backend before it sorts or hashes anything: catalogue caches, plans, stacks. */
export const BACKEND_BYTES = 3 * MIB
/** Maintenance commands (CREATE INDEX, VACUUM by hand) that may run at once. */
export const MAINTENANCE_COMMANDS = 2
/** Shared memory for one process and for one lock, and the fixed rest: measured with `postgres -C shared_memory_size`. */
const PROCESS_BYTES = 28 * KIB
const LOCK_BYTES = 400
const FIXED_SHARED_BYTES = 20 * MIB
/** Descriptors and the hash table that come with each buffer of 8 KiB: 2.4 % of shared_buffers. */
const BUFFER_OVERHEAD = 0.024
/** From PostgreSQL 17 on three caches of transaction states get a 512th of shared_buffers each, at most 8 MB. */
const STATE_CACHES = 3
/** Background processes that take a slot beside workers, WAL senders and autovacuum. */
const AUXILIARY_PROCESSES = 10

/** What decides the size of PostgreSQL's shared memory; sizes in bytes. */
export interface SharedMemory {
  readonly sharedBuffers: number
  readonly walBuffers: number
  /** Connections, workers, WAL senders, autovacuum: everything that takes a process slot. */
  readonly processes: number
  readonly locksPerTransaction: number
}

/** Bytes of the shared memory segment that the server asks for at its start; never less than it takes. */
export function sharedMemoryBytes({ sharedBuffers, walBuffers, processes, locksPerTransaction }: SharedMemory): number {
  return (
    sharedBuffers * (1 + BUFFER_OVERHEAD) +
    STATE_CACHES * Math.min(sharedBuffers / 512, 8 * MIB) +
    walBuffers +
    FIXED_SHARED_BYTES +
    processes * (PROCESS_BYTES + locksPerTransaction * LOCK_BYTES)
  )
}

/**
 * Page tables of one process that has touched all shared buffers through pages of 4 KiB: 8 bytes a page. Huge pages need
 * next to none, but the system may fail to give them, so the budget does not count on them.
 */
export function pageTableBytes(sharedBuffers: number): number {
  return (sharedBuffers / (4 * KIB)) * 8
}

/** The part of a server's settings that decides its shared memory. */
export function sharedMemoryOf(settings: SettingValues): SharedMemory {
  const count = (name: string, fallback: number): number => Number(settings[name] ?? fallback)
  return {
    sharedBuffers: sizeOf(settings, 'shared_buffers', 8 * KIB),
    walBuffers: sizeOf(settings, 'wal_buffers', 8 * KIB),
    processes:
      count('max_connections', 100) +
      count('max_worker_processes', 8) +
      count('max_wal_senders', 10) +
      count('autovacuum_worker_slots', count('autovacuum_max_workers', 3)) +
      count('max_prepared_transactions', 0) +
      AUXILIARY_PROCESSES,
    locksPerTransaction: count('max_locks_per_transaction', 64),
  }
}

/**
 * Bytes that the settings let PostgreSQL use when every connection and every parallel worker has touched all shared
 * buffers and sorts or hashes at once, all autovacuum workers run, and two maintenance commands run beside them. Not in
 * it: temp_buffers, logical decoding, and what extensions take.
 */
export function worstCaseMemory(settings: SettingValues): number {
  const count = (name: string): number => Number(settings[name] ?? 0)
  const shared = sharedMemoryOf(settings)
  const backends = count('max_connections') + count('max_parallel_workers')
  const vacuums = count('autovacuum_max_workers')
  const maintenance = sizeOf(settings, 'maintenance_work_mem', KIB)
  const vacuumMemory = sizeOf(settings, 'autovacuum_work_mem', KIB) || maintenance
  const processBytes = BACKEND_BYTES + pageTableBytes(shared.sharedBuffers)
  return (
    sharedMemoryBytes(shared) +
    (backends + vacuums) * processBytes +
    backends * sizeOf(settings, 'work_mem', KIB) * count('hash_mem_multiplier') +
    vacuums * vacuumMemory +
    MAINTENANCE_COMMANDS * maintenance
  )
}

function sizeOf(settings: SettingValues, name: string, unitBytes: number): number {
  return Math.max(0, parsePgSize(settings[name] ?? '0', unitBytes) ?? 0)
}
