import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aSnapshot, nodes } from '../../../test/support/snapshot-builder.ts'
import { appliedTo, tuned } from '../../../test/support/tuned.ts'
import { needsRestart } from '../parameter-contexts.ts'
import { parsePgSize } from '../pg-units.ts'
import { worstCaseMemory } from './memory-model.ts'
import { reservedMemory } from './memory-share.ts'
import type { TuneResult } from './tuning.ts'

const GIB = 1024 ** 3

describe('a neighbour that moves in', () => {
  const alone = specOf('  - name: pg')
  const both = specOf('  - name: pg\n  - name: other')
  const hosts = aSnapshot({ nodes: nodes(1, { memoryBytes: 64 * GIB }) })
  const before = tuned(alone, hosts)
  const after = tuned(both, appliedTo(hosts, alone, before), { running: ['pg'] })

  it('restarts nobody: what runs keeps what only a restart could change', () => {
    const restarts = after['pg']?.explanations.filter(
      ({ replaces, apply }) => replaces !== undefined && apply === 'restart',
    )
    expect(restarts).toEqual([])
    expect(after['pg']?.explanations.find(({ name }) => name === 'shared_buffers')?.because).toContain('kept')
  })

  it('takes what it needs from what a reload can change', () => {
    expect(after['pg']?.explanations.find(({ name }) => name === 'work_mem')).toMatchObject({
      replaces: before['pg']?.shared['work_mem'],
      apply: 'reload',
    })
    expect(megabytes(after['pg'], 'work_mem')).toBeLessThan(megabytes(before['pg'], 'work_mem'))
  })

  it('gets no more than both can have', () => {
    expect(worst(after['pg']) + worst(after['other'])).toBeLessThanOrEqual(64 * GIB - reservedMemory(64 * GIB))
    expect(megabytes(after['other'], 'shared_buffers')).toBeLessThan(megabytes(after['pg'], 'shared_buffers'))
  })

  it('changes nothing more once it has moved in', () => {
    const settled = appliedTo(hosts, both, after)
    expect(tuned(both, settled, { running: ['pg', 'other'] })).toMatchObject({
      pg: { shared: after['pg']?.shared },
      other: { shared: after['other']?.shared },
    })
  })

  it('gives back what it took when it leaves', () => {
    const settled = appliedTo(hosts, both, after)
    expect(tuned(alone, settled, { running: ['pg', 'other'] })['pg']?.shared).toEqual(before['pg']?.shared)
  })
})

describe('one neighbour beside a running member', () => {
  const hosts = aSnapshot({ nodes: nodes(1, { memoryBytes: 16 * GIB }) })
  const alone = specOf('  - name: pg')
  const pair = specOf('  - name: pg\n  - name: b')
  const applied = appliedTo(hosts, alone, tuned(alone, hosts))
  const results = tuned(pair, applied, { running: ['pg'] })

  it('leaves it 2 MB of work_mem, and gets a gigabyte at least', () => {
    expect(megabytes(results['pg'], 'work_mem')).toBeGreaterThanOrEqual(2)
    expect(megabytes(results['pg'], 'work_mem')).toBeLessThan(3)
    expect(megabytes(results['b'], 'drover.memory')).toBeGreaterThan(1024)
    expect(results['pg']?.problems).toEqual([])
  })

  it('gets more where the file demands it, and the plan says what that costs', () => {
    const demanding = specOf('  - name: pg\n  - { name: b, resources: { memory: 3GB } }')
    const divided = tuned(demanding, applied, { running: ['pg'] })
    expect(megabytes(divided['b'], 'drover.memory')).toBe(3072)
    expect(divided['pg']?.problems).toMatchObject([{ code: 'narrow-work-mem' }])
  })

  it('claims no more once it runs than it was given: nothing changes any more', () => {
    const small = specOf('  - { name: pg, workload: mixed }\n  - name: a\n  - name: b')
    let known = aSnapshot({ nodes: nodes(1, { memoryBytes: 11 * GIB, threads: 1 }) })
    const running: string[] = []
    for (const { name } of small.clusters) {
      const spec = { ...small, clusters: small.clusters.slice(0, running.length + 1) }
      const before = tuned(spec, known, { running })
      known = appliedTo(known, spec, before)
      running.push(name)
      const after = tuned(spec, known, { running })
      for (const each of running) expect(after[each]?.shared).toEqual(before[each]?.shared)
    }
  })
})

describe('neighbours that leave a running member little memory', () => {
  const names = ['pg', 'b', 'c', 'd', 'e', 'f', 'g']
  const crowd = specOf(names.map(name => `  - name: ${name}`).join('\n'))
  const hosts = aSnapshot({ nodes: nodes(1, { memoryBytes: 16 * GIB }) })
  const alone = specOf('  - name: pg')
  const applied = appliedTo(hosts, alone, tuned(alone, hosts))
  const warnings = (spec: typeof crowd) =>
    tuned(spec, applied, { running: ['pg'] })['pg']?.problems.filter(({ code }) => code === 'narrow-work-mem')

  it('are told of before they come, with what that means and what to do', () => {
    expect(warnings(crowd)).toMatchObject([
      {
        severity: 'warning',
        message: expect.stringMatching(
          /^work_mem of the 410 connections of cluster pg falls from 4218kB to \d+kB on pg-1, .* go to the disk$/,
        ),
        hint: expect.stringMatching(
          /^Place the neighbours elsewhere, or set `parameters.max_connections: \d+` \(restart\)/,
        ),
      },
    ])
  })

  it('are told of once: the next plan says nothing', () => {
    const results = tuned(crowd, applied, { running: ['pg'] })
    expect(results['pg']?.problems).toMatchObject([{ code: 'narrow-work-mem' }])
    const settled = tuned(crowd, appliedTo(applied, crowd, results), { running: names })
    expect(settled['pg']?.problems).toEqual([])
  })

  it('are not when the connections are made fewer as the warning says, or work_mem is set by hand', () => {
    const fewer = /max_connections: (\d+)/.exec(warnings(crowd)?.[0]?.hint ?? '')?.[1] ?? ''
    const changed = (parameters: string) =>
      specOf(
        names.map(name => `  - { name: ${name}${name === 'pg' ? `, parameters: { ${parameters} }` : ''} }`).join('\n'),
      )
    expect(warnings(changed(`max_connections: ${fewer}`))).toEqual([])
    expect(warnings(changed('work_mem: 256kB'))).toEqual([])
  })
})

describe('neighbours that come one by one', () => {
  it('always fit together, and settle at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 2048 }),
        fc.integer({ min: 1, max: 128 }),
        fc.array(fc.constantFrom('oltp', 'olap', 'crit', 'tiny', 'mixed'), { minLength: 2, maxLength: 4 }),
        (gibibytes, threads, workloads) => {
          const memoryBytes = gibibytes * GIB
          const hosts = aSnapshot({ nodes: nodes(1, { memoryBytes, threads }) })
          const specs = workloads.map((_, last) =>
            specOf(
              workloads
                .slice(0, last + 1)
                .map((workload, index) => `  - name: pg${index}\n    workload: ${workload}`)
                .join('\n'),
            ),
          )
          let known = hosts
          let running: readonly string[] = []
          for (const spec of specs) {
            const results = tuned(spec, known, { running })
            const sum = Object.values(results).reduce((bytes, result) => bytes + worst(result), 0)
            expect(sum).toBeLessThanOrEqual(memoryBytes - reservedMemory(memoryBytes))
            known = appliedTo(hosts, spec, results)
            running = spec.clusters.map(({ name }) => name)
            const again = tuned(spec, known, { running })
            for (const name of running) expect(again[name]?.shared).toEqual(results[name]?.shared)
          }
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('a change that is meant', () => {
  const hosts = aSnapshot({ nodes: nodes(1, { memoryBytes: 32 * GIB }) })
  const spec = specOf('  - name: pg')
  const running = appliedTo(hosts, spec, tuned(spec, hosts))
  const replaced = (text: string): readonly string[] =>
    (tuned(specOf(`  - name: pg\n    ${text}`), running, { running: ['pg'] })['pg']?.explanations ?? [])
      .filter(({ replaces, apply }) => replaces !== undefined && apply === 'restart')
      .map(({ name, replaces, value }) => `${name}: ${replaces} → ${value}`)

  it.each([
    ['another workload', 'workload: olap', 'max_connections: 500 → 200'],
    ['another ratio', 'tuning: { sharedBuffersRatio: 0.4 }', 'shared_buffers: 6963MB → 11140MB'],
    ['a smaller demand', 'resources: { memory: 8GB }', 'shared_buffers: 6963MB → 2048MB'],
    ['a parameter of the user', 'parameters: { shared_buffers: 1GB }', 'shared_buffers: 6963MB → 1GB'],
  ])('is followed at the next restart: %s', (_, text, change) => {
    expect(replaced(text)).toContain(change)
  })

  it('is followed when the host has gained memory, but not for a few megabytes', () => {
    const grown = (memoryBytes: number): TuneResult | undefined =>
      tuned(spec, { ...running, nodes: nodes(1, { memoryBytes }) }, { running: ['pg'] })['pg']
    expect(grown(64 * GIB)?.shared['shared_buffers']).toBe('14336MB')
    expect(grown(32.5 * GIB)?.shared['shared_buffers']).toBe('6963MB')
    expect(grown(31.5 * GIB)?.shared['shared_buffers']).toBe('6963MB')
  })

  it('is followed when the host has lost so much that what runs does not fit', () => {
    const lost = tuned(spec, { ...running, nodes: nodes(1, { memoryBytes: 8 * GIB }) }, { running: ['pg'] })['pg']
    expect(lost?.shared['shared_buffers']).toBe('1740MB')
    expect(worst(lost)).toBeLessThanOrEqual(8 * GIB - reservedMemory(8 * GIB))
  })

  it('takes a restart where it says so, and nowhere else', () => {
    for (const { name, apply } of tuned(spec, hosts)['pg']?.explanations ?? [])
      expect(apply).toBe(needsRestart(name, 17) ? 'restart' : 'reload')
  })
})

function worst(result: TuneResult | undefined): number {
  return worstCaseMemory(result?.shared ?? {})
}

function megabytes(result: TuneResult | undefined, name: string): number {
  const value = result?.explanations.find(each => each.name === name && each.instance === undefined)?.value
  return (parsePgSize(value ?? '', 1024) ?? Number.NaN) / 1024 ** 2
}
