import { describe, expect, it } from 'vitest'
import { known } from '../../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aNode, aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { tuned } from '../../../test/support/tuned.ts'
import { CLUSTER_WIDE_SETTINGS } from './hot-standby-settings.ts'
import type { TuneResult } from './tuning.ts'

const GIB = 1024 ** 3
const TRIO = '  - name: pg\n    members: 3'

describe('members on unlike nodes', () => {
  const large = aNode({ name: 'node-1', memoryBytes: 128 * GIB, threads: 32, diskKind: 'nvme' })
  const small = nodes(3, { memoryBytes: 16 * GIB, threads: 4, diskKind: 'hdd' }).slice(1)
  const result = resultOf(TRIO, [large, ...small])

  it('have what their own node can give, where PostgreSQL lets them differ', () => {
    expect(result.shared).toMatchObject({ shared_buffers: '3481MB', random_page_cost: '4', max_parallel_workers: '2' })
    expect(result.byInstance).toEqual({
      'pg-1': expect.objectContaining({
        shared_buffers: '30720MB',
        random_page_cost: '1.1',
        max_parallel_workers: '16',
      }),
    })
    expect(
      result.explanations.find(({ instance, name }) => instance === 'pg-1' && name === 'shared_buffers')?.from,
    ).toBe('facts.memory.effectiveBytes of node-1')
  })

  it('agree where a standby must not have less than its primary, by the weakest', () => {
    const own = Object.keys(result.byInstance['pg-1'] ?? {})
    expect(own.filter(name => CLUSTER_WIDE_SETTINGS.has(name))).toEqual([])
    expect(result.shared['max_connections']).toBe(resultOf(TRIO, small).shared['max_connections'])
  })

  it('have slots for the workers of the largest', () => {
    expect(result.shared['max_worker_processes']).toBe('48')
  })
})

describe('members on like nodes', () => {
  it('do not differ for a few megabytes that one host reports less', () => {
    const hosts = [16, 16.2, 15.9].map((gibibytes, index) =>
      aNode({ name: `node-${index + 1}`, memoryBytes: gibibytes * GIB }),
    )
    expect(resultOf(TRIO, hosts).byInstance).toEqual({})
  })
})

describe('members that are never promoted', () => {
  const groups = `${TRIO}
    replicas: [{ name: reports, role: offline, members: 1 }, { name: late, role: delayed, members: 1, delay: 1h }]`
  const { shared, byInstance } = resultOf(groups, nodes(5))

  it('may let queries hold up replay; others no longer than a lease', () => {
    expect(shared['max_standby_streaming_delay']).toBe('30s')
    expect(byInstance['pg-4']).toMatchObject({ max_standby_streaming_delay: '30min' })
  })

  it('do not keep dead rows on the primary while they stay behind', () => {
    expect(shared['hot_standby_feedback']).toBe('on')
    expect(byInstance['pg-5']).toEqual({ hot_standby_feedback: 'off' })
  })
})

describe('cores and disks', () => {
  it('count a second thread of a core for a quarter', () => {
    const node = aNode({ name: 'node-1', threads: 32, memoryBytes: 64 * GIB })
    const parallel = (host: SnapshotNode): string | undefined =>
      resultOf('  - name: pg', [host]).shared['max_parallel_workers']
    expect(parallel(node)).toBe('16')
    expect(parallel(withFacts(node, { cores: 16 }))).toBe('10')
  })

  it('count a RAID as what its slowest disk is', () => {
    const raid = (kinds: readonly ('nvme' | 'hdd')[]): SnapshotNode =>
      withFacts(aNode({ name: 'node-1' }), { raid: kinds })
    expect(resultOf('  - name: pg', [raid(['nvme', 'nvme'])]).shared['random_page_cost']).toBe('1.1')
    expect(resultOf('  - name: pg', [raid(['nvme', 'hdd'])]).shared).toMatchObject({
      random_page_cost: '4',
      effective_io_concurrency: '4',
    })
  })

  it.each([
    [300, '1.1', undefined],
    [1500, '1.6', '750'],
    [4000, '2.5', '2000'],
    [20_000, '4', '5000'],
  ])('judge a disk that could be anything by its flush of %i µs', (fsyncMicros, cost, delay) => {
    const [host] = nodes(1, { diskKind: 'virtual' })
    const { shared } = resultOf('  - name: pg', host === undefined ? [] : [host], fsyncMicros)
    expect(shared['random_page_cost']).toBe(cost)
    expect(shared['commit_delay']).toBe(delay)
  })
})

function resultOf(text: string, hosts: readonly SnapshotNode[], fsyncMicros?: number): TuneResult {
  const options = fsyncMicros === undefined ? {} : { fsyncMicros }
  const result = tuned(specOf(text), aSnapshot({ nodes: hosts }), options)['pg']
  if (result === undefined) throw new Error('no cluster pg')
  expect(result.problems).toEqual([])
  return result
}

function withFacts(
  node: SnapshotNode,
  { cores, raid }: { readonly cores?: number; readonly raid?: readonly ('nvme' | 'hdd')[] },
): SnapshotNode {
  const { facts } = node
  const [disk] = facts?.disks ?? []
  if (facts === undefined || disk === undefined) throw new Error('the sketch has facts and a disk')
  const members = (raid ?? []).map((kind, index) => ({ ...disk, name: `member${index}`, kind: known(kind, 'test') }))
  const array = {
    ...disk,
    kind: known('raid' as const, 'test'),
    raid: { level: 'raid1', members: members.map(({ name }) => name) },
  }
  return {
    ...node,
    facts: {
      ...facts,
      cpu: cores === undefined ? facts.cpu : { ...facts.cpu, cores: known(cores, 'test') },
      disks: raid === undefined ? facts.disks : [array, ...members],
    },
  }
}
