import { describe, expect, it } from 'vitest'
import { KINDS, parsePgbench, pgbenchCommand, workloads } from './pgbench.ts'

const SUMMARY = `pgbench (17.6 (Debian 17.6-0+deb13u1))
transaction type: <builtin: TPC-B (sort of)>
scaling factor: 110
query mode: simple
number of clients: 64
number of threads: 2
maximum number of tries: 1
duration: 12 s
number of transactions actually processed: 21480
number of failed transactions: 3 (0.014%)
latency average = 35.712 ms
initial connection time = 81.214 ms
tps = 1792.104273 (without initial connection time)
`

describe('a run of pgbench', () => {
  it('is read from its summary', () => {
    expect(parsePgbench(SUMMARY)).toEqual({ tps: 1792.104273, latencyMs: 35.712, transactions: 21480, failed: 3 })
  })

  it('that was cut short is none', () => {
    expect(() => parsePgbench(SUMMARY.slice(0, 300))).toThrow('pgbench said nothing')
  })

  it('reads before it writes, with few clients before many', () => {
    const names = (kinds: readonly ('ro' | 'rw')[]): readonly string[] =>
      workloads({ kinds, cores: 2, manyClients: 64 }).map(({ name }) => name)
    expect(names(KINDS)).toEqual(['ro 4', 'ro 64', 'rw 4', 'rw 64'])
    expect(names(['rw'])).toEqual(['rw 4', 'rw 64'])
  })

  it('has no more threads than clients', () => {
    const command = { program: 'pgbench', sockets: '/run', port: 5433, database: 'bench', seconds: 5, threads: 8 }
    expect(pgbenchCommand({ ...command, script: 'tpcb-like', clients: 2 }).join(' ')).toBe(
      'pgbench --host /run --port 5433 --no-vacuum --builtin tpcb-like --client 2 --jobs 2 --time 5 bench',
    )
  })
})
