import { parsePgSize } from '../../orchestrator/plan/pg-units.ts'
import type { Settings } from './machine.ts'

const MIB = 1024 ** 2
/** Tables and indexes of pgbench at scale 1. */
const BYTES_PER_SCALE = 15 * MIB
/** PostgreSQL's own shared_buffers. */
const DEFAULT_SHARED_BUFFERS = 128 * MIB

export function sharedBuffersOf(settings: Settings): number {
  return parsePgSize(settings['shared_buffers'] ?? '', 8192) ?? DEFAULT_SHARED_BUFFERS
}

/** The scale at which the data is half as large again as the largest of these shared buffers, to the next ten. */
export function scaleFor(configurations: readonly Settings[]): number {
  const largest = Math.max(...configurations.map(sharedBuffersOf))
  return 10 * Math.ceil((1.5 * largest) / BYTES_PER_SCALE / 10)
}
