import type { Workload } from '../../../shared/domain/spec.ts'
import { parsePgSize, pgSize } from '../pg-units.ts'

const KIB = 1024
const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** Private memory of a backend before it sorts or hashes anything: catalogue caches, plans, stacks. */
const BACKEND_BYTES = 3 * MIB
/** work_mem that the automatic number of connections leaves to each. */
const COMFORTABLE_WORK_MEM = 4 * MIB
const HASH_MULTIPLIER = 2
const AUTOVACUUM_WORKERS = 3
/** Maintenance commands (CREATE INDEX, VACUUM by hand) that may run at once. */
const MAINTENANCE_COMMANDS = 2

/** Less than this for one instance is refused. */
export const LEAST_MEMORY = 384 * MIB

export interface MemoryInput {
  readonly budgetBytes: number
  readonly workload: Workload
  readonly parallelWorkers: number
  /** The user's own values win and the rest is fitted around them. */
  readonly user: Readonly<Record<string, string>>
}

export interface MemorySetting {
  readonly name: string
  readonly value: string
  readonly because: string
}

/**
 * Divides a budget so that the worst case fits (`worstCaseMemory` ≤ budget): a quarter for shared buffers, a tenth for
 * maintenance, a tenth in hand, and the rest for backends that all sort or hash at once. Starts from Pigsty's ratios
 * (reference/pigsty.md, section 3.1), whose work_mem × connections has no bound.
 */
export function memorySettings({
  budgetBytes,
  workload,
  parallelWorkers,
  user,
}: MemoryInput): readonly MemorySetting[] {
  const sharedBuffers = userSize(user, 'shared_buffers', 8 * KIB) ?? budgetBytes * 0.25
  const maintenance = budgetBytes * 0.1
  const backends = Math.max(0, budgetBytes * 0.9 - sharedBuffers - maintenance)
  const perBackend = BACKEND_BYTES + COMFORTABLE_WORK_MEM * HASH_MULTIPLIER
  const fitting = roundDown(backends / perBackend - parallelWorkers)
  const connections = Number(user['max_connections'] ?? clamp(fitting, 40, MOST_CONNECTIONS[workload]))
  const workMem = clamp(
    (backends / (connections + parallelWorkers) - BACKEND_BYTES) / HASH_MULTIPLIER,
    64 * KIB,
    MOST_WORK_MEM[workload],
  )
  const maintenanceWorkMem = clamp(maintenance / 2 / MAINTENANCE_COMMANDS, MIB, 2 * GIB)
  const autovacuumWorkMem = clamp(maintenance / 2 / AUTOVACUUM_WORKERS, MIB, GIB)
  return [
    { name: 'shared_buffers', value: pgSize(sharedBuffers), because: 'a quarter of the memory budget' },
    {
      name: 'max_connections',
      value: String(connections),
      because: `as many backends as can each use ${pgSize(COMFORTABLE_WORK_MEM)} of work_mem, between 40 and ${MOST_CONNECTIONS[workload]} for ${workload}; clients share them through the pooler`,
    },
    {
      name: 'work_mem',
      value: pgSize(workMem),
      because: `what is left for ${connections} connections and ${parallelWorkers} parallel workers if all sort or hash at once`,
    },
    {
      name: 'hash_mem_multiplier',
      value: String(HASH_MULTIPLIER),
      because: 'hashes may take twice work_mem; the budget counts on it',
    },
    {
      name: 'maintenance_work_mem',
      value: pgSize(maintenanceWorkMem),
      because: `a twentieth of the memory budget, shared by ${MAINTENANCE_COMMANDS} commands, at most 2 GB`,
    },
    {
      name: 'autovacuum_max_workers',
      value: String(AUTOVACUUM_WORKERS),
      because: 'the number that the memory budget counts on',
    },
    {
      name: 'autovacuum_work_mem',
      value: pgSize(autovacuumWorkMem),
      because: `a twentieth of the memory budget, shared by ${AUTOVACUUM_WORKERS} workers, at most 1 GB`,
    },
    {
      name: 'effective_cache_size',
      value: pgSize(Math.max(budgetBytes * 0.75, sharedBuffers)),
      because: 'what the system can cache for this instance: three quarters of the memory budget',
    },
    {
      name: 'wal_buffers',
      value: pgSize(clamp(sharedBuffers / 32, 64 * KIB, 16 * MIB)),
      because: 'a thirty-second of shared_buffers, at most one WAL segment',
    },
  ]
}

/**
 * Bytes that the settings let PostgreSQL use when every connection and every parallel worker sorts or hashes at once,
 * all autovacuum workers run and two maintenance commands run beside them.
 */
export function worstCaseMemory(settings: Readonly<Record<string, string>>): number {
  const size = (name: string, unit: number): number => parsePgSize(settings[name] ?? '0', unit) ?? 0
  const number = (name: string): number => Number(settings[name] ?? 0)
  const backends = number('max_connections') + number('max_parallel_workers')
  const autovacuum = Math.max(0, size('autovacuum_work_mem', KIB)) || size('maintenance_work_mem', KIB)
  return (
    size('shared_buffers', 8 * KIB) +
    size('wal_buffers', 8 * KIB) +
    backends * (BACKEND_BYTES + size('work_mem', KIB) * number('hash_mem_multiplier')) +
    number('autovacuum_max_workers') * autovacuum +
    MAINTENANCE_COMMANDS * size('maintenance_work_mem', KIB)
  )
}

const MOST_CONNECTIONS: Readonly<Record<Workload, number>> = { oltp: 500, olap: 200, crit: 500, tiny: 100, mixed: 300 }

const MOST_WORK_MEM: Readonly<Record<Workload, number>> = {
  oltp: 256 * MIB,
  olap: 2 * GIB,
  crit: 256 * MIB,
  tiny: 64 * MIB,
  mixed: GIB,
}

function userSize(user: Readonly<Record<string, string>>, name: string, unitBytes: number): number | undefined {
  const value = user[name]
  return value === undefined ? undefined : parsePgSize(value, unitBytes)
}

/** To a multiple of ten, so that a few megabytes more or less do not change it. */
function roundDown(value: number): number {
  return Math.floor(value / 10) * 10
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
