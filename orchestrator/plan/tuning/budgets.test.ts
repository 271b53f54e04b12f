import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aSnapshot, type NodeSketch, nodes } from '../../../test/support/snapshot-builder.ts'
import { type TunedSketch, tuned } from '../../../test/support/tuned.ts'
import { checkValue } from '../check-value.ts'
import { knownParameters } from '../parameter-catalogue.ts'
import { parsePgSize } from '../pg-units.ts'
import { diskBudget } from './disk-budget.ts'
import { worstCaseMemory } from './memory-model.ts'
import { reservedMemory } from './memory-share.ts'
import { openConnections } from './pool-sizes.ts'
import type { SettingValues } from './tuned-setting.ts'

const KIB = 1024
const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** 1 GB to 8 TB, evenly over the orders of magnitude. */
const memory = fc
  .integer({ min: 10, max: 22 })
  .chain(power => fc.integer({ min: 2 ** power, max: 2 ** (power + 1) }))
  .map(mebibytes => mebibytes * MIB)
const disk = fc
  .integer({ min: 2, max: 16 })
  .chain(power => fc.integer({ min: 2 ** power, max: 2 ** (power + 1) }))
  .map(gibibytes => gibibytes * GIB)
const threads = fc.integer({ min: 1, max: 512 })
const workload = fc.constantFrom('oltp', 'olap', 'crit', 'tiny', 'mixed')
const major = fc.constantFrom(14, 15, 16, 17, 18)
const diskKind = fc.constantFrom('nvme', 'ssd', 'hdd', 'virtual')

describe('the memory of a member', () => {
  it('fits its budget in the worst case, whatever the host is', () => {
    fc.assert(
      fc.property(memory, threads, workload, major, (memoryBytes, count, kind, version) => {
        const settings = settingsOf(kind, { memoryBytes, threads: count }, { major: version })
        expect(worstCaseMemory(settings)).toBeLessThanOrEqual(memoryBytes - reservedMemory(memoryBytes))
        expect(Number(settings['max_connections'])).toBeGreaterThanOrEqual(40)
        expect(size(settings, 'work_mem')).toBeGreaterThanOrEqual(64 * KIB)
      }),
    )
  })

  it('fits with any ratio of shared buffers that can be asked for', () => {
    fc.assert(
      fc.property(memory, workload, fc.integer({ min: 10, max: 40 }), (memoryBytes, kind, percent) => {
        const settings = settingsOf(`${kind}\n    tuning: { sharedBuffersRatio: ${percent / 100} }`, { memoryBytes })
        const budget = memoryBytes - reservedMemory(memoryBytes)
        expect(worstCaseMemory(settings)).toBeLessThanOrEqual(budget)
        expect(size(settings, 'shared_buffers')).toBeLessThanOrEqual((budget * percent) / 100)
      }),
    )
  })

  it('is never given less of for more memory', () => {
    fc.assert(
      fc.property(memory, memory, threads, workload, (one, other, count, kind) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map(memoryBytes =>
          settingsOf(kind, { memoryBytes, threads: count }),
        )
        for (const name of ['shared_buffers', 'effective_cache_size', 'maintenance_work_mem', 'autovacuum_work_mem'])
          expect(size(more ?? {}, name)).toBeGreaterThanOrEqual(size(less ?? {}, name))
        expect(Number(more?.['max_connections'])).toBeGreaterThanOrEqual(Number(less?.['max_connections']))
      }),
    )
  })
})

describe('the disk of a member', () => {
  it('is divided into parts that add up to it', () => {
    fc.assert(
      fc.property(disk, workload, fc.double({ min: 0.1, max: 1, noNaN: true }), (bytes, kind, limit) => {
        const { free, wal, slots, temporary, spool, data } = diskBudget(bytes, kind, limit)
        expect(free + wal + slots + temporary + spool + data).toBeCloseTo(bytes, -3)
        expect(data).toBeGreaterThanOrEqual(bytes * limit * 0.499)
      }),
    )
  })

  it('holds everything that the settings let grow at once, half of it data', () => {
    fc.assert(
      fc.property(disk, workload, diskKind, (diskBytes, kind, diskType) => {
        const settings = settingsOf(kind, { diskBytes, diskKind: diskType })
        const growing =
          size(settings, 'max_wal_size') +
          size(settings, 'max_slot_wal_keep_size') +
          2 * size(settings, 'temp_file_limit')
        expect(growing).toBeLessThanOrEqual(diskBytes / 2)
        expect(size(settings, 'min_wal_size')).toBeLessThanOrEqual(size(settings, 'max_wal_size'))
      }),
    )
  })

  it('never lowers a limit for being larger', () => {
    fc.assert(
      fc.property(disk, disk, workload, (one, other, kind) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map(diskBytes =>
          settingsOf(kind, { diskBytes }),
        )
        for (const name of ['max_wal_size', 'min_wal_size', 'max_slot_wal_keep_size', 'temp_file_limit'])
          expect(size(more ?? {}, name)).toBeGreaterThanOrEqual(size(less ?? {}, name))
      }),
    )
  })
})

describe('the workers of a member', () => {
  it('find slots for all of them, and never grow fewer with more threads', () => {
    fc.assert(
      fc.property(memory, threads, threads, workload, (memoryBytes, one, other, kind) => {
        const [fewer, more] = [Math.min(one, other), Math.max(one, other)].map(count =>
          settingsOf(kind, { memoryBytes, threads: count }),
        )
        const names = ['max_worker_processes', 'max_parallel_workers', 'max_parallel_workers_per_gather']
        for (const name of names) expect(Number(more?.[name])).toBeGreaterThanOrEqual(Number(fewer?.[name]))
        const [slots = 0, parallel = 0, gather = 0] = names.map(name => Number(more?.[name]))
        expect(slots).toBeGreaterThan(parallel)
        expect(parallel).toBeGreaterThanOrEqual(gather)
      }),
    )
  })
})

describe('every setting', () => {
  it('is one that the major has, with a value that it takes', () => {
    fc.assert(
      fc.property(memory, threads, workload, major, diskKind, (memoryBytes, count, kind, version, diskType) => {
        const sketch = { memoryBytes, threads: count, diskKind: diskType }
        const settings = Object.entries(settingsOf(kind, sketch, { major: version, fsyncMicros: 2500 }))
        const known = new Set(knownParameters(version))
        expect(settings.filter(([name]) => !known.has(name) && !name.includes('.'))).toEqual([])
        expect(settings.flatMap(([name, value]) => checkValue({ name, value, major: version }) ?? [])).toEqual([])
      }),
    )
  })

  it('says which value it has, why, from what, and how a server takes it', () => {
    const [result] = Object.values(tuned(specOf('  - name: pg'), aSnapshot({ nodes: nodes(1) })))
    expect(result?.explanations.length).toBeGreaterThan(70)
    for (const { name, value, because, from, apply } of result?.explanations ?? [])
      expect([name, value, because, from, apply].filter(text => text === undefined || text === '')).toEqual([])
    const values = new Map(result?.explanations.map(({ name, value }) => [name, value]))
    for (const [name, value] of Object.entries(result?.shared ?? {})) expect(values.get(name)).toBe(value)
  })
})

describe('what one server has open', () => {
  it('is enough for all pools of both poolers, whatever databases and users there are', () => {
    fc.assert(
      fc.property(
        memory,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        (memoryBytes, bases, users) => {
          const names = Array.from({ length: users }, (_, index) => `{ name: u${index} }`).join(', ')
          const databases = Array.from({ length: bases }, (_, index) => `{ name: d${index}, owner: u0 }`).join(', ')
          const { shared, explanations } = resultOf(`oltp\n    users: [${names}]\n    databases: [${databases}]`, {
            memoryBytes,
          })
          const each = Number(explanations.find(({ name }) => name === 'pgbouncer.max_db_connections')?.value)
          expect(each).toBeGreaterThan(0)
          // The write pooler has the larger part, so twice its databases is more than both poolers can open.
          expect(bases * each).toBeLessThanOrEqual(Math.max(bases, openConnections(shared) * 0.48))
        },
      ),
    )
  })
})

function settingsOf(workloadText: string, sketch: Omit<NodeSketch, 'name'>, options?: TunedSketch): SettingValues {
  return resultOf(workloadText, sketch, options).shared
}

function resultOf(workloadText: string, sketch: Omit<NodeSketch, 'name'>, options?: TunedSketch) {
  const spec = specOf(`  - name: pg\n    workload: ${workloadText}`)
  const result = tuned(spec, aSnapshot({ nodes: nodes(1, sketch) }), options)['pg']
  if (result === undefined) throw new Error('no cluster pg')
  expect(result.problems).toEqual([])
  return result
}

function size(settings: SettingValues, name: string): number {
  return parsePgSize(settings[name] ?? '', KIB) ?? Number.NaN
}
