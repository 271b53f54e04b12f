import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { knownParameters } from '../../orchestrator/plan/parameter-catalogue.ts'
import { needsRestart, settableForRole } from '../../orchestrator/plan/parameter-contexts.ts'
import { sharedMemoryBytes, sharedMemoryOf } from '../../orchestrator/plan/tuning/memory-model.ts'
import { specOf } from '../support/plan-runner.ts'
import { type PostgresInImage, postgresInImage } from '../support/postgres-in-image.ts'
import { aSnapshot, type NodeSketch, nodes } from '../support/snapshot-builder.ts'
import { tuned } from '../support/tuned.ts'

const GIB = 1024 ** 3
const MIB = 1024 ** 2

const SERVERS = [
  { os: 'debian12', major: 15 },
  { os: 'debian13', major: 17 },
] as const

const SIZES: readonly (readonly [string, Omit<NodeSketch, 'name'>])[] = [
  ['1 thread, 1 GB, a small slow disk', { threads: 1, memoryBytes: GIB, diskBytes: 8 * GIB, diskKind: 'hdd' }],
  ['4 threads, 16 GB, NVMe', { threads: 4, memoryBytes: 16 * GIB, diskBytes: 200 * GIB }],
  ['64 threads, 256 GB, a network disk', { threads: 64, memoryBytes: 256 * GIB, diskKind: 'virtual' }],
  ['512 threads, 8 TB, a vast disk', { threads: 512, memoryBytes: 8192 * GIB, diskBytes: 500_000 * GIB }],
]

const WORKLOADS = ['oltp', 'olap', 'crit', 'tiny', 'mixed'] as const

describe.each(SERVERS)('PostgreSQL $major of $os', ({ os, major }) => {
  let server: PostgresInImage

  beforeAll(async () => {
    server = await postgresInImage(os, major)
  }, 900_000)

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
  })

  it.each(SIZES)('takes every value that tuning gives it on %s, and as much memory as is counted on', (_, sketch) => {
    for (const workload of WORKLOADS) {
      const settings = settingsFor(workload, { ...sketch, os }, major)
      const megabytes = Number(server.computed(settings, 'shared_memory_size'))
      const counted = sharedMemoryBytes(sharedMemoryOf(settings)) / MIB
      expect(counted).toBeGreaterThanOrEqual(megabytes)
      expect(counted).toBeLessThanOrEqual(megabytes * 1.05 + 24)
    }
  })

  it('starts with them, and applies each', () => {
    for (const workload of ['crit', 'olap'] as const) {
      const settings = settingsFor(workload, { threads: 2, memoryBytes: GIB, os }, major)
      expect(server.refused(settings)).toEqual([])
    }
  })

  it('complains of a value that it does not take, so that the checks above can fail', () => {
    expect(() => server.computed({ work_mem: '4XB' }, 'shared_memory_size')).toThrow(/work_mem/)
  })

  it('lets the parameters be set when they are said to be', () => {
    const known = new Set(knownParameters(major))
    // A later minor version may bring more.
    const contexts = [...server.contexts()].filter(([name]) => known.has(name))
    expect(contexts.length).toBeGreaterThan(300)
    for (const [name, context] of contexts) {
      expect(`${name} ${needsRestart(name, major)}`).toBe(`${name} ${context === 'postmaster'}`)
      expect(`${name} ${settableForRole(name)}`).toBe(`${name} ${context !== 'postmaster' && context !== 'sighup'}`)
    }
  })
})

function settingsFor(
  workload: (typeof WORKLOADS)[number],
  sketch: Omit<NodeSketch, 'name'>,
  major: number,
): Readonly<Record<string, string>> {
  const spec = specOf(`  - name: pg\n    workload: ${workload}`)
  const results = tuned(spec, aSnapshot({ nodes: nodes(1, sketch) }), { major, fsyncMicros: 1500 })
  return results['pg']?.shared ?? {}
}
