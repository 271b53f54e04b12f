import { describe, expect, it } from 'vitest'
import { EMPTY_MANIFEST, type InstanceWatch } from '../../../shared/domain/manifest.ts'
import type { NodeObservation } from '../../../shared/domain/observation.ts'
import { createLog } from '../../../shared/lib/log.ts'
import type { Exec } from '../../host/host.ts'
import { createActivityWatch } from './activity-watch.ts'

const WATCH: InstanceWatch = {
  cluster: 'pg-main',
  instance: 'pg-main-1',
  address: '',
  postgresPort: 5432,
  socketDirectory: '/run/drover-pg/pg-main-1',
  dataDirectory: '',
  patroniUrl: '',
  patroniUnit: 'drover-patroni@pg-main-1.service',
  caPath: '',
  certPath: '',
  keyPath: '',
  // The third is the way to the primary: no pooler.
  poolers: [
    { name: 'rw', port: 6432 },
    { name: 'ro', port: 6433 },
    { name: 'primary', port: 6434 },
  ],
  services: [],
}

const MINUTE = 60_000

/** A member through which a commit and two pooled transactions go each minute, and an error is logged. */
function world() {
  let minute = 0
  let answers = true
  const asked: string[][] = []
  const exec: Exec = async ({ argv }) => {
    asked.push([...argv])
    const done = (stdout: string) => ({ code: 0, signal: null, stdout, stderr: '', truncated: false, timedOut: false })
    if (argv[0] === 'journalctl') return done('x ERROR:  one\n')
    if (!answers) return { ...done(''), code: 2, stderr: 'connection refused' }
    if (argv.some(each => each.includes('SHOW STATS')))
      return done(
        `database,total_xact_count,total_xact_time,total_wait_time\npgbouncer,99,99,99\napp,${minute},${minute * 3000},0\n`,
      )
    return done(JSON.stringify({ commits: minute, rollbacks: 0, killed: 0 }))
  }
  const watch = createActivityWatch({
    exec,
    watches: () => ({ ...EMPTY_MANIFEST.watches, instances: [WATCH] }),
    clientsWait: () => false,
    clock: { now: () => minute * MINUTE, monotonic: () => minute * MINUTE, sleep: async () => undefined },
    log: createLog({ level: 'silent' }),
  })
  const seen: NodeObservation = {
    observedAt: 0,
    instances: [
      { cluster: 'pg-main', instance: 'pg-main-1', role: 'primary', state: 'running', poolers: [], services: [] },
    ],
  }
  return {
    asked,
    pass: (minutes: number) => void (minute += minutes),
    fall: () => void (answers = false),
    count: () => watch.count('pg-main-1', AbortSignal.timeout(5_000)),
    told: () => watch.complete(seen).instances[0]?.activity,
    watch,
  }
}

describe('what goes through the members of a node', () => {
  it('is counted of the server, both poolers and the log', async () => {
    const { count, pass, asked } = world()
    await count()
    pass(2)
    expect(await count()).toEqual({
      at: 2 * MINUTE,
      server: { commits: 2, rollbacks: 0, killed: 0 },
      poolers: { transactions: 4, transactionMs: 12, waitMs: 0 },
      log: { panics: 0, fatals: 0, errors: 2 },
    })
    const logs = asked.filter(([program]) => program === 'journalctl')
    expect(logs[1]).toEqual(
      expect.arrayContaining(['--since=@0.000', '--until=@120.000', `--unit=${WATCH.patroniUnit}`]),
    )
  })

  it('is told beside the oldest of the last hour', async () => {
    const { count, pass, told } = world()
    expect(told()).toBeUndefined()
    await count()
    expect(told()).toMatchObject({ now: { at: 0 } })
    expect(told()?.before).toBeUndefined()
    for (let looks = 0; looks < 9; looks += 1) {
      pass(10)
      await count()
    }
    expect(told()).toMatchObject({ now: { at: 90 * MINUTE }, before: { at: 30 * MINUTE } })
  })

  it('has no part that did not answer, and goes on', async () => {
    const { count, fall, watch } = world()
    fall()
    const counters = await count()
    expect([counters.server, counters.poolers, counters.log?.errors]).toEqual([undefined, undefined, 1])
    await expect(watch.count('pg-other-1', AbortSignal.timeout(5_000))).rejects.toMatchObject({ code: 'not-found' })
  })
})
