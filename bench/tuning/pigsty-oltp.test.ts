import { describe, expect, it } from 'vitest'
import { pigstyOltpSettings } from './pigsty-oltp.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** Rendered from Pigsty's own templates (reference/pigsty.md, section 3.3): cores, memory in MB, disk in GB, and then … */
const RENDERED = [
  { host: [1, 1990, 40], memory: [498, 125, 64, 1492], workers: [24, 2, 2, 2, 4], disk: [2, 2, 8, 12] },
  { host: [4, 15884, 100], memory: [3971, 993, 64, 11913], workers: [24, 2, 2, 2, 4], disk: [5, 5, 20, 30] },
  { host: [8, 32000, 500], memory: [8000, 2000, 64, 24000], workers: [24, 4, 3, 2, 4], disk: [25, 25, 100, 150] },
  { host: [16, 64000, 1000], memory: [16000, 4000, 64, 48000], workers: [32, 8, 6, 3, 4], disk: [50, 50, 200, 300] },
  {
    host: [64, 257000, 4000],
    memory: [64250, 16063, 128, 192750],
    workers: [80, 32, 22, 8, 16],
    disk: [100, 100, 400, 600],
  },
  {
    host: [128, 1031000, 20000],
    memory: [257750, 64438, 515, 773250],
    workers: [144, 64, 43, 8, 16],
    disk: [100, 100, 400, 600],
  },
] as const

describe("the formulas of Pigsty's oltp template", () => {
  it.each(RENDERED)('give what it renders for $host', ({ host, memory, workers, disk }) => {
    const [cores, memoryMib, diskGib] = host
    const settings = pigstyOltpSettings({
      cores,
      memoryBytes: memoryMib * MIB,
      diskBytes: diskGib * GIB,
      postgresVersion: 18,
    })
    expect(settings).toMatchObject({
      max_connections: '500',
      shared_buffers: `${memory[0]}MB`,
      maintenance_work_mem: `${memory[1]}MB`,
      work_mem: `${memory[2]}MB`,
      effective_cache_size: `${memory[3]}MB`,
      max_worker_processes: `${workers[0]}`,
      max_parallel_workers: `${workers[1]}`,
      max_parallel_maintenance_workers: `${workers[2]}`,
      max_parallel_workers_per_gather: `${workers[3]}`,
      io_workers: `${workers[4]}`,
      temp_file_limit: `${disk[0]}GB`,
      min_wal_size: `${disk[1]}GB`,
      max_wal_size: `${disk[2]}GB`,
      max_slot_wal_keep_size: `${disk[3]}GB`,
    })
  })

  it('set nothing that a version does not know', () => {
    const names = (postgresVersion: number): readonly string[] =>
      Object.keys(pigstyOltpSettings({ cores: 4, memoryBytes: 4 * GIB, diskBytes: 100 * GIB, postgresVersion }))
    expect(names(14)).not.toContain('wal_compression')
    expect(names(15)).not.toContain('sync_replication_slots')
    expect(names(17)).not.toContain('io_method')
    expect(names(18)).toContain('idle_replication_slot_timeout')
  })
})
