import { describe, expect, it } from 'vitest'
import type { Machine } from './machine.ts'
import { pgtuneSettings } from './pgtune.ts'

const GIB = 1024 ** 3

/** The expected values are those of pgtune's own tests, and of files that people made with it. */
describe('the formulas of pgtune', () => {
  it('give what it wrote for 16 GB, four cores and a SAN', () => {
    expect(pgtuneSettings(aMachine({ diskKind: 'raid' }))).toMatchObject({
      shared_buffers: `${4 * 1024 ** 2}kB`,
      effective_cache_size: `${12 * 1024 ** 2}kB`,
      maintenance_work_mem: `${1024 ** 2}kB`,
      wal_buffers: `${16 * 1024}kB`,
      min_wal_size: '2GB',
      max_wal_size: '8GB',
      random_page_cost: '1.1',
      effective_io_concurrency: '300',
      max_worker_processes: '4',
      max_parallel_workers: '4',
      max_parallel_workers_per_gather: '2',
      max_parallel_maintenance_workers: '2',
    })
  })

  it('leave parallelism alone below four cores and stop at four helpers', () => {
    expect(pgtuneSettings(aMachine({ cores: 2 }))['max_worker_processes']).toBeUndefined()
    expect(pgtuneSettings(aMachine({ cores: 31 }))).toMatchObject({
      max_worker_processes: '31',
      max_parallel_workers_per_gather: '4',
      max_parallel_maintenance_workers: '4',
    })
  })

  it('stop at 8 GB for maintenance, of which an autovacuum worker gets 2', () => {
    expect(pgtuneSettings(aMachine({ memoryBytes: 256 * GIB }))).toMatchObject({
      maintenance_work_mem: '8388608kB',
      autovacuum_work_mem: '2097152kB',
    })
    expect(pgtuneSettings(aMachine({ memoryBytes: 4 * GIB }))['autovacuum_work_mem']).toBeUndefined()
  })

  it('leave each sort 4 MB at least', () => {
    expect(pgtuneSettings(aMachine({ memoryBytes: 4 * GIB }))['work_mem']).toBe('4483kB')
    expect(pgtuneSettings(aMachine({ memoryBytes: 2 * GIB }))['work_mem']).toBe('4096kB')
  })

  it('try huge pages from 2 GB of shared buffers', () => {
    expect(pgtuneSettings(aMachine({ memoryBytes: 4 * GIB }))['huge_pages']).toBe('off')
    expect(pgtuneSettings(aMachine({ memoryBytes: 16 * GIB }))['huge_pages']).toBe('try')
  })

  it('know the disks', () => {
    const concurrency = (diskKind: Machine['diskKind']): string | undefined =>
      pgtuneSettings(aMachine(diskKind === undefined ? {} : { diskKind }))['effective_io_concurrency']
    expect([concurrency('hdd'), concurrency('ssd'), concurrency('nvme')]).toEqual(['2', '200', '1000'])
    expect(concurrency(undefined)).toBe('200')
  })

  it('add autovacuum workers from 16 cores, and asynchronous reads from PostgreSQL 18', () => {
    const workers = [8, 16, 32].map(cores => pgtuneSettings(aMachine({ cores }))['autovacuum_max_workers'])
    expect(workers).toEqual([undefined, '4', '5'])
    expect(pgtuneSettings(aMachine({ cores: 32 }))['io_method']).toBeUndefined()
    expect(pgtuneSettings(aMachine({ cores: 32, postgresVersion: 18 }))).toMatchObject({
      io_method: 'io_uring',
      io_workers: '8',
    })
    expect(pgtuneSettings(aMachine({ cores: 8, postgresVersion: 18 }))['io_workers']).toBeUndefined()
  })
})

function aMachine(change: Partial<Machine>): Machine {
  return { cores: 4, memoryBytes: 16 * GIB, diskBytes: 100 * GIB, postgresVersion: 17, ...change }
}
