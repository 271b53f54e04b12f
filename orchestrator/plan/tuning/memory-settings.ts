import type { Workload } from '../../../shared/domain/spec.ts'
import { parsePgSize, pgSize } from '../pg-units.ts'
import { plural } from '../problems.ts'
import type { KeptSettings } from './kept-settings.ts'
import { BACKEND_BYTES, MAINTENANCE_COMMANDS, pageTableBytes, sharedMemoryBytes } from './memory-model.ts'
import type { SettingValues, TunedSetting } from './tuned-setting.ts'
import { autovacuumWorkers, HASH_MULTIPLIER } from './workload-settings.ts'

const KIB = 1024
const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** work_mem that the automatic number of connections leaves to each. */
const COMFORTABLE_WORK_MEM = 4 * MIB
/** The least that a member which keeps its other settings must be able to give to each connection. */
export const TIGHT_WORK_MEM = 512 * KIB
/** What stays unused of a budget: for what the model does not see. */
const IN_HAND = 0.1
/** Process slots that are no connection: workers, WAL senders, autovacuum. Only for the first guess of the connections. */
const OTHER_PROCESSES = 64
const LEAST_CONNECTIONS = 40
/** Parallel workers that a tight budget must be able to feed. */
const FEW_WORKERS = 4

/** Less than this for one instance is refused. */
export const LEAST_MEMORY = 384 * MIB

export interface MemoryInput {
  readonly budgetBytes: number
  readonly from: string
  readonly workload: Workload
  /** Share of the budget; absent: a quarter. */
  readonly sharedBuffersRatio?: number | undefined
  readonly parallelWorkers: number
  readonly maxConnections: number
  readonly locksPerTransaction: number
  /** Process slots beside the connections. */
  readonly otherProcesses: number
  readonly kept?: KeptSettings | undefined
  /** The user's own values win and the rest is fitted around them. */
  readonly user: SettingValues
}

/**
 * Divides a member's budget so that the worst case fits (`worstCaseMemory` ≤ budget): a quarter for shared buffers, a tenth
 * for maintenance (olap: a fifth), a tenth in hand, and the rest for backends that all sort or hash at once, page tables
 * included.
 */
export function memorySettings(input: MemoryInput): readonly TunedSetting[] {
  const { budgetBytes, workload, parallelWorkers, maxConnections, user, from } = input
  const chosen = sharedBuffers(input)
  const buffers = userSize(user, 'shared_buffers', 8 * KIB) ?? chosen.bytes
  const walBuffers = clamp(buffers / 32, 64 * KIB, 16 * MIB)
  const multiplier = Number(user['hash_mem_multiplier'] ?? HASH_MULTIPLIER)
  const maintenance = budgetBytes * maintenanceShare(workload)
  const vacuums = autovacuumWorkers(workload)
  const processBytes = BACKEND_BYTES + pageTableBytes(buffers)
  const backends = maxConnections + parallelWorkers
  const fixed =
    sharedMemoryBytes({
      sharedBuffers: buffers,
      walBuffers,
      processes: maxConnections + input.otherProcesses,
      locksPerTransaction: input.locksPerTransaction,
    }) +
    (backends + vacuums) * processBytes +
    maintenance
  const workMem = clamp(
    (budgetBytes * (1 - IN_HAND) - fixed) / backends / multiplier,
    64 * KIB,
    MOST_WORK_MEM[workload],
  )
  const half = maintenance / 2
  const rows: readonly (readonly [string, number, string])[] = [
    ['shared_buffers', buffers, chosen.because],
    [
      'work_mem',
      workMem,
      `what is left for ${maxConnections} connections and ${plural(parallelWorkers, 'parallel worker')} if all sort or hash at once`,
    ],
    [
      'maintenance_work_mem',
      clamp(half / MAINTENANCE_COMMANDS, MIB, MOST_MAINTENANCE[workload]),
      `${percent(maintenanceShare(workload) / 2)} of the memory budget, shared by ${MAINTENANCE_COMMANDS} commands`,
    ],
    [
      'autovacuum_work_mem',
      clamp(half / vacuums, MIB, GIB),
      `${percent(maintenanceShare(workload) / 2)} of the memory budget, shared by ${vacuums} workers, at most 1 GB`,
    ],
    [
      'effective_cache_size',
      Math.max(budgetBytes * 0.75, buffers),
      'what the system can cache for this instance: three quarters of the memory budget',
    ],
    ['wal_buffers', walBuffers, 'a thirty-second of shared_buffers, at most one WAL segment'],
  ]
  return rows.map(([name, bytes, because]) => ({ name, value: pgSize(bytes), because, from }))
}

/** As many backends as can each use a comfortable work_mem; by the member with the least memory, since all have the same number. */
export function fittingConnections({
  budgetBytes,
  workload,
  parallelWorkers,
  sharedBuffersRatio,
  user,
}: Pick<MemoryInput, 'budgetBytes' | 'workload' | 'parallelWorkers' | 'sharedBuffersRatio' | 'user'>): number {
  const buffers =
    userSize(user, 'shared_buffers', 8 * KIB) ?? budgetBytes * (sharedBuffersRatio ?? SHARED_BUFFERS_RATIO)
  const workMem = userSize(user, 'work_mem', KIB) ?? COMFORTABLE_WORK_MEM
  const multiplier = Number(user['hash_mem_multiplier'] ?? HASH_MULTIPLIER)
  const shared = { sharedBuffers: buffers, walBuffers: 16 * MIB, locksPerTransaction: 64 }
  const fixed = sharedMemoryBytes({ ...shared, processes: OTHER_PROCESSES })
  const process = sharedMemoryBytes({ ...shared, processes: OTHER_PROCESSES + 1 }) - fixed
  const rest = budgetBytes * (1 - IN_HAND - maintenanceShare(workload)) - fixed
  const perBackend = process + BACKEND_BYTES + pageTableBytes(buffers) + workMem * multiplier
  const fitting = roundDown(rest / perBackend - parallelWorkers)
  return clamp(fitting, LEAST_CONNECTIONS, MOST_CONNECTIONS[workload])
}

export function mostConnections(workload: Workload): number {
  return MOST_CONNECTIONS[workload]
}

/**
 * The least budget in which a member keeps what only a restart could change and every connection has so much work_mem.
 * 0 when there is nothing to keep.
 */
export function leastBudget({
  kept,
  workload,
  workMem,
}: {
  readonly kept: KeptSettings
  readonly workload: Workload
  readonly workMem: number
}): number {
  if (kept.sharedBuffers === undefined) return 0
  const { perByte, rest, usable } = leastNeeds({ kept, workload, workMem })
  // Whole megabytes, so that no rounding error makes it too little for itself.
  return Math.ceil((kept.sharedBuffers * perByte + rest) / usable / MIB) * MIB
}

/** The most shared buffers that a budget can hold beside its connections. */
export function mostSharedBuffers(budgetBytes: number, kept: KeptSettings, workload: Workload): number {
  const { perByte, rest, usable } = leastNeeds({ kept, workload, workMem: TIGHT_WORK_MEM })
  return Math.max(MIB, (budgetBytes * usable - rest) / perByte)
}

/** What a budget must hold at least is linear in shared_buffers: bytes for each of their bytes, and the rest. */
function leastNeeds({
  kept: { maxConnections = LEAST_CONNECTIONS, locksPerTransaction = 64 },
  workload,
  workMem,
}: {
  readonly kept: KeptSettings
  readonly workload: Workload
  readonly workMem: number
}) {
  const backends = maxConnections + FEW_WORKERS
  const shared = (sharedBuffers: number): number =>
    sharedMemoryBytes({
      sharedBuffers,
      walBuffers: 16 * MIB,
      processes: maxConnections + OTHER_PROCESSES,
      locksPerTransaction,
    }) +
    backends * pageTableBytes(sharedBuffers)
  return {
    perByte: (shared(GIB) - shared(0)) / GIB,
    rest: shared(0) + backends * (BACKEND_BYTES + workMem * HASH_MULTIPLIER),
    usable: 1 - IN_HAND - maintenanceShare(workload),
  }
}

const SHARED_BUFFERS_RATIO = 0.25

/** What runs keeps its size while that fits and a restart would not bring a tenth more; the same for who joins it. */
function sharedBuffers(input: MemoryInput): { readonly bytes: number; readonly because: string } {
  const { budgetBytes, sharedBuffersRatio, kept, maxConnections, locksPerTransaction, workload } = input
  const ratio = sharedBuffersRatio ?? SHARED_BUFFERS_RATIO
  const most = mostSharedBuffers(budgetBytes, { runs: true, maxConnections, locksPerTransaction }, workload)
  const wanted = budgetBytes * ratio
  // As it is written, so that a later plan, which reads it back, divides the rest alike.
  const fresh = parsePgSize(pgSize(Math.min(wanted, most)), KIB) ?? 0
  const rule =
    wanted > most
      ? 'as much as leaves 512 kB of work_mem to every connection'
      : sharedBuffersRatio === undefined
        ? 'a quarter of the memory budget'
        : `${percent(ratio)} of the memory budget, as tuning.sharedBuffersRatio says`
  const held = kept?.sharedBuffers
  if (held === undefined || fresh > held * 1.1) return { bytes: fresh, because: rule }
  if (held === fresh) return { bytes: held, because: rule }
  if (held > most || (held > fresh * 1.1 && kept?.runs !== true)) return { bytes: fresh, because: rule }
  return { bytes: held, because: `kept, since it fits and a change takes a restart; ${pgSize(fresh)} would be ${rule}` }
}

/** PostgreSQL's own limits for one command are beyond these. */
const MOST_MAINTENANCE: Readonly<Record<Workload, number>> = {
  oltp: 2 * GIB,
  olap: 8 * GIB,
  crit: 2 * GIB,
  tiny: 256 * MIB,
  mixed: 4 * GIB,
}

const MOST_CONNECTIONS: Readonly<Record<Workload, number>> = { oltp: 500, olap: 200, crit: 500, tiny: 100, mixed: 300 }

const MOST_WORK_MEM: Readonly<Record<Workload, number>> = {
  oltp: 256 * MIB,
  olap: 2 * GIB,
  crit: 256 * MIB,
  tiny: 64 * MIB,
  mixed: GIB,
}

/** Loading and indexing large tables is what olap does all day. */
function maintenanceShare(workload: Workload): number {
  return workload === 'olap' ? 0.2 : 0.1
}

function userSize(user: SettingValues, name: string, unitBytes: number): number | undefined {
  const value = user[name]
  return value === undefined ? undefined : parsePgSize(value, unitBytes)
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`
}

/** To a multiple of ten, so that a few megabytes more or less do not change it. */
function roundDown(value: number): number {
  return Math.floor(value / 10) * 10
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
