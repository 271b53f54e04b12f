import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aSnapshot, type NodeSketch, nodes } from '../../../test/support/snapshot-builder.ts'
import { tuned } from '../../../test/support/tuned.ts'
import { checkValue } from '../check-value.ts'
import { knownParameters } from '../parameter-catalogue.ts'
import { worstCaseMemory } from './memory-model.ts'
import { reservedMemory } from './memory-share.ts'
import type { TuneResult } from './tuning.ts'

const GIB = 1024 ** 3
const WORKLOADS = ['oltp', 'olap', 'crit', 'tiny', 'mixed'] as const

describe('tuning', () => {
  it('divides the memory of the weakest node and says so', () => {
    const tuning = tuneOne('', { memoryBytes: 16 * GIB, threads: 4 })
    expect(tuning.shared).toMatchObject({
      shared_buffers: '3481MB',
      max_connections: '410',
      work_mem: '4218kB',
      max_parallel_workers: '2',
      random_page_cost: '1.1',
    })
    expect(tuning.explanations.find(each => each.name === 'shared_buffers')).toEqual({
      cluster: 'pg',
      name: 'shared_buffers',
      value: '3481MB',
      because: 'a quarter of the memory budget',
      from: 'facts.memory.effectiveBytes of node-1',
      apply: 'restart',
    })
    expect(tuning.problems).toEqual([])
  })

  it('shares a node between its instances', () => {
    const spec = specOf('  - name: pg\n  - name: other')
    const alone = Number.parseInt(tuneOne('', {}).shared['shared_buffers'] ?? '', 10)
    const shared = Number.parseInt(tuneSpec(spec, {}).shared['shared_buffers'] ?? '', 10)
    expect(shared).toBe(Math.floor(alone / 2))
  })

  it('takes a demand as the budget', () => {
    expect(tuneOne('\n    resources: { memory: 4GB, cores: 2 }', { threads: 32 }).shared).toMatchObject({
      shared_buffers: '1024MB',
      max_parallel_workers: '2',
    })
  })

  it('sets no cost for a disk that it does not know, and no delay for one that is fast', () => {
    const virtual = tuneOne('', { diskKind: 'virtual' }).shared
    expect(virtual['random_page_cost']).toBeUndefined()
    expect(virtual['commit_delay']).toBeUndefined()
    expect(tuneOne('', { diskKind: 'virtual', fsyncMicros: 300 }).shared['random_page_cost']).toBe('1.1')
    expect(tuneOne('', { diskKind: 'hdd', fsyncMicros: 8000 }).shared).toMatchObject({
      effective_io_concurrency: '2',
      commit_delay: '4000',
    })
  })

  it('warns of a disk that lies', () => {
    expect(tuneOne('', { suspicious: 'p50 of 5 µs' }).problems).toMatchObject([
      { code: 'suspicious-fsync' },
      { code: 'suspicious-fsync' },
      { code: 'suspicious-fsync' },
    ])
  })

  it('lets the user win, and fits the rest around it', () => {
    const { shared: settings, explanations } = tuneOne(
      '\n    parameters: { shared_buffers: 8GB, max_connections: 100, my.setting: x }',
      {},
    )
    expect(settings).toMatchObject({ shared_buffers: '8GB', max_connections: '100', 'my.setting': 'x' })
    expect(worstCaseMemory(settings)).toBeLessThanOrEqual(budget(16 * GIB))
    expect(explanations.find(each => each.name === 'shared_buffers')?.because).toContain('set in the spec')
  })

  it('loads what extensions need beside what the user loads', () => {
    const { shared: settings } = tuneOne(
      '\n    users: [{ name: a }]\n    databases: [{ name: jobs, owner: a, extensions: [pg_cron] }]\n    parameters: { shared_preload_libraries: auto_explain }',
      {},
    )
    expect(settings['shared_preload_libraries']).toBe('auto_explain,pg_stat_statements,pg_cron')
    expect(settings['cron.database_name']).toBe('jobs')
  })

  it.each([
    ['port: 5433', 'owned-parameter', 'error', 'block of ports'],
    ['ssl_cert_file: x', 'owned-parameter', 'error', 'fleet CA'],
    ['hba_file: x', 'owned-parameter', 'error', 'hba'],
    ['data_directory: x', 'owned-parameter', 'error', 'directory'],
    ['Primary_Conninfo: x', 'owned-parameter', 'error', 'Patroni'],
    ['synchronous_standby_names: x', 'owned-parameter', 'error', 'durability'],
    ['listen_addresses: x', 'owned-parameter', 'error', 'address'],
    ['unix_socket_directories: x', 'owned-parameter', 'error', 'directory'],
    ['recovery_target_time: x', 'owned-parameter', 'error', 'recovery'],
    ['shared_bufers: 1GB', 'unknown-parameter', 'error', 'no parameter `shared_bufers`'],
    ['vacuum_defer_cleanup_age: 1', 'unknown-parameter', 'error', 'PostgreSQL 17 has no'],
    ['io_method: worker', 'unknown-parameter', 'error', 'PostgreSQL 17 has no'],
    [
      'work_mem: 4XB',
      'bad-parameter-value',
      'error',
      'work_mem: "4XB" is not a size; write 4MB (64kB to 2147483647kB)',
    ],
    ['max_connections: many', 'bad-parameter-value', 'error', 'max_connections: "many" is not a whole number'],
    ['max_connections: true', 'bad-parameter-value', 'error', 'write 1 to 262143'],
    ['Wal_Level: replicas', 'bad-parameter-value', 'error', 'minimal, replica or logical'],
    ['wal_level: minimal', 'dangerous-parameter', 'error', 'no standby'],
    ['max_wal_senders: 2', 'dangerous-parameter', 'error', 'WAL senders'],
    ['fsync: off', 'dangerous-parameter', 'warning', 'corrupt'],
    ['fsync: fal', 'dangerous-parameter', 'warning', 'corrupt'],
    ['full_page_writes: false', 'dangerous-parameter', 'warning', 'half-written'],
    ['autovacuum: off', 'dangerous-parameter', 'warning', 'bloat'],
    ['synchronous_commit: off', 'dangerous-parameter', 'warning', 'can be lost'],
    ['work_mem: 4GB', 'memory-overcommitted', 'warning', 'worst case'],
  ])('answers %s with %s', (parameter, code, severity, message) => {
    const problem = tuneOne(`\n    parameters: { ${parameter} }`, {}).problems.find(each => each.code === code)
    expect(problem).toMatchObject({ severity, message: expect.stringContaining(message), hint: expect.any(String) })
  })

  it('warns of a disk that is nearly full before a cluster is made there', () => {
    const [node] = nodes(1, { diskBytes: 100 * GIB })
    const { facts } = node ?? {}
    if (node === undefined || facts === undefined) throw new Error('the sketch has facts')
    const full = facts.filesystems.map(filesystem => ({ ...filesystem, availableBytes: 5 * GIB }))
    const snapshot = aSnapshot({ nodes: [{ ...node, facts: { ...facts, filesystems: full } }] })
    const spec = specOf('  - name: pg')
    expect(tuned(spec, snapshot)['pg']?.problems).toMatchObject([
      { code: 'disk-nearly-full', severity: 'warning', message: expect.stringContaining('5120MB free') },
    ])
    expect(tuned(spec, snapshot, { running: ['pg'] })['pg']?.problems).toEqual([])
  })

  it('says where a value is that the server would refuse', () => {
    const { problems } = tuneOne('\n    parameters: { work_mem: 4XB, my.setting: 4XB }', {})
    expect(problems).toMatchObject([{ code: 'bad-parameter-value', path: 'clusters[0].parameters.work_mem' }])
  })

  it('refuses more instances than the memory of a node can hold', () => {
    const spec = specOf(['pg', 'b', 'c', 'd'].map(name => `  - name: ${name}`).join('\n'))
    expect(tuneSpec(spec, { memoryBytes: GIB }).problems).toMatchObject([{ code: 'too-little-memory' }])
  })

  it('fits the worst case into the budget, from 1 core and 1 GB to 512 cores and 8 TB, in settings that the major knows', () => {
    const memory = fc
      .integer({ min: 10, max: 23 })
      .chain(power => fc.integer({ min: 2 ** power, max: 2 ** power + 2 ** (power - 1) }))
    fc.assert(
      fc.property(
        memory,
        fc.integer({ min: 1, max: 512 }),
        fc.constantFrom(...WORKLOADS),
        fc.constantFrom('debian13', 'debian12'),
        (mebibytes, threads, workload, os) => {
          const memoryBytes = Math.min(mebibytes * 1024 ** 2, 8 * 1024 * GIB)
          const { shared: settings, problems } = tuneOne(`\n    workload: ${workload}`, { memoryBytes, threads, os })
          expect(problems).toEqual([])
          expect(worstCaseMemory(settings)).toBeLessThanOrEqual(budget(memoryBytes))
          expect(Number(settings['max_connections'])).toBeGreaterThanOrEqual(40)
          expect(Number(settings['max_worker_processes'])).toBeGreaterThan(Number(settings['max_parallel_workers']))
          expect(sizeOf(settings['work_mem'])).toBeGreaterThanOrEqual(64)
          expect(Number(settings['max_parallel_workers'])).toBeGreaterThanOrEqual(
            Number(settings['max_parallel_workers_per_gather']),
          )
          const major = os === 'debian13' ? 17 : 15
          const known = knownParameters(major)
          const refused = Object.entries(settings).flatMap(([name, value]) => checkValue({ name, value, major }) ?? [])
          expect(refused).toEqual([])
          expect(Object.keys(settings).filter(name => !known.includes(name) && !name.includes('.'))).toEqual([])
        },
      ),
    )
  })
})

function tuneOne(text: string, { os, ...sketch }: Sketch): TuneResult {
  return tuneSpec(specOf(`  - name: pg${text}`), { ...sketch, ...(os === undefined ? {} : { os }) })
}

type Sketch = Omit<NodeSketch, 'name'>

function tuneSpec(spec: ReturnType<typeof specOf>, sketch: Sketch): TuneResult {
  const { fsyncMicros } = sketch
  const major = sketch.os === 'debian12' ? 15 : 17
  const results = tuned(spec, aSnapshot({ nodes: nodes(3, sketch) }), {
    major,
    ...(fsyncMicros === undefined ? {} : { fsyncMicros }),
  })
  const result = results['pg']
  if (result === undefined) throw new Error('no cluster pg')
  return result
}

function budget(memoryBytes: number): number {
  return memoryBytes - reservedMemory(memoryBytes)
}

/** Kilobytes. */
function sizeOf(value: string | undefined): number {
  const number = Number.parseInt(value ?? '', 10)
  return value?.endsWith('MB') ? number * 1024 : number
}
