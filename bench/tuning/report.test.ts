import { describe, expect, it } from 'vitest'
import type { Comparison } from './compare.ts'
import type { MeasuredSlice } from './measure-slice.ts'
import { report } from './report.ts'

const MIB = 1024 ** 2

describe('the report', () => {
  it('shows medians, what happened meanwhile, and how Drover stands to the best of the others', () => {
    const text = report(
      comparison([
        aSlice(1, { contender: 'pgtune', tps: 1000, transactions: 10_000, labCpuSeconds: 4, walBytes: 5e7 }),
        aSlice(2, { contender: 'pgtune', tps: 2000, transactions: 20_000, labCpuSeconds: 8, walBytes: 1e8 }),
        aSlice(1, { contender: 'drover', tps: 1100, transactions: 11_000, labCpuSeconds: 3.3, walBytes: 5.5e7 }),
        aSlice(2, { contender: 'drover', tps: 2300, transactions: 23_000, labCpuSeconds: 6.9, checkpoints: 2 }),
      ]),
    )
    expect(text).toContain('shared buffers in MiB: pgtune 1024, drover 128')
    expect(text).toContain('others had 25 % of the processors')
    expect(text).toMatch(/pgtune +1500 \[1000\.\.2000\] +2\.00 +400\.0 +5000 +0 +0\n/)
    expect(text).toMatch(/drover +1700 \[1100\.\.2300\] +2\.00 +300\.0 +\d+ +2 +0\n/)
    expect(text).toContain(
      'drover / pgtune, the best of the others, round by round: 1.125 [1.100..1.150]; CPU 0.750: not slower beyond noise',
    )
  })

  it('shows what observing costs as a line of its own, which is no part of the verdict', () => {
    const slices = [1, 2].flatMap(round => [
      aSlice(round, { contender: 'pgtune', tps: 90 }),
      aSlice(round, { contender: 'drover', tps: 96 }),
      aSlice(round, { contender: 'drover-unobserved', tps: 100 }),
    ])
    const text = report(comparison(slices))
    expect(text).toContain('observed alike, by the libraries that Drover loads (pg_stat_statements)')
    expect(text).toContain(
      'drover / drover-unobserved, the price of observing, round by round: 0.960 [0.960..0.960]; CPU 1.000\n',
    )
    expect(text).toContain('drover / pgtune, the best of the others')
    expect(text).toContain('not slower beyond noise')
  })

  it('says when Drover was slower beyond noise', () => {
    const slices = [1, 2].flatMap(round => [
      aSlice(round, { contender: 'pgtune', tps: 100 }),
      aSlice(round, { contender: 'drover', tps: 98 }),
    ])
    expect(report(comparison(slices))).toContain('0.980 [0.980..0.980]; CPU 1.000: SLOWER beyond noise')
  })

  it('says what pgbench gave up on', () => {
    const failed = { round: 1, kind: 'failed', contender: 'drover', workload: 'rw 64', message: 'a\ntoo many' } as const
    const text = report({ ...comparison([]), slices: [aSlice(1, { contender: 'pgtune' }), failed] })
    expect(text).toContain('  drover  gave up 1 ×: too many')
    expect(text).toContain('no ratio: no round has figures of drover and of another')
  })
})

function comparison(slices: Comparison['slices']): Comparison {
  return {
    machine: { cores: 2, memoryBytes: 4096 * MIB, diskBytes: 1, postgresVersion: 17 },
    scale: 110,
    databaseBytes: 1650 * MIB,
    seconds: 12,
    contenders: [
      { name: 'pgtune', settings: { shared_buffers: '1GB' } },
      { name: 'drover', settings: { shared_preload_libraries: 'pg_stat_statements' } },
    ],
    slices,
  }
}

function aSlice(round: number, change: Partial<MeasuredSlice>): MeasuredSlice {
  const idle = { latencyMs: 2, walBytes: 0, checkpoints: 0, failed: 0, foreignShare: 0.25 }
  const slice = { kind: 'measured', contender: 'pgtune', workload: 'rw 64', tps: 1, transactions: 1 } as const
  return { round, ...slice, ...idle, labCpuSeconds: 1, ...change }
}
