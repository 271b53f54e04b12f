import { describe, expect, it } from 'vitest'
import { readStartFailure, startFailureIn } from './start-failure.ts'

const AT = '2026-01-01 10:00:00.000 UTC'
const PATRONI = Array.from({ length: 300 }, () => 'INFO: Lock owner: pg-main-2; I am pg-main-1')

describe('why a server does not start', () => {
  it('is found before the line with which a failed start ends like a clean stop', () => {
    const log = [
      `${AT} [5] LOG:  received fast shutdown request`,
      `${AT} [6] FATAL:  terminating connection due to administrator command`,
      `${AT} [5] LOG:  database system is shut down`,
      `${AT} [7] FATAL:  could not access file "nosuch": No such file or directory`,
      `${AT} [7] LOG:  database system is shut down`,
      `${AT} [9] FATAL:  the database system is starting up`,
      ...PATRONI,
    ]
    expect(startFailureIn(log.join('\n'))).toBe('could not access file "nosuch": No such file or directory')
  })

  it('comes with what explains it', () => {
    const standby = [
      `${AT} [8] FATAL:  recovery aborted because of insufficient parameter settings`,
      `${AT} [8] DETAIL:  max_connections = 70 is a lower setting than on the primary server, where its value was 90.`,
      `${AT} [8] HINT:  You can restart the server after making the necessary configuration changes.`,
    ]
    expect(startFailureIn(standby.join('\n'))).toBe(
      'recovery aborted because of insufficient parameter settings: max_connections = 70 is a lower setting than on the primary server, where its value was 90.',
    )
    const file = [
      `${AT} [8] LOG:  invalid value for parameter "wal_level": "much"`,
      `${AT} [8] FATAL:  configuration file "/data/postgresql.conf" contains errors`,
    ]
    expect(startFailureIn(file.join('\n'))).toMatch(/contains errors: invalid value for parameter "wal_level": "much"$/)
  })

  it('is not what a session is told, and nothing when nobody complained', () => {
    const sessions = [
      `${AT} [8] FATAL:  password authentication failed for user "app"`,
      `${AT} [8] FATAL:  could not connect to the primary server: connection refused`,
      `${AT} [8] FATAL:  sorry, too many clients already`,
      ...PATRONI,
    ]
    expect(startFailureIn(sessions.join('\n'))).toBe(undefined)
  })

  it('shows no secret, and is bounded', () => {
    const line = `${AT} [8] FATAL:  wrong: password=hunter2 ${'x'.repeat(1000)}`
    const words = startFailureIn(line) ?? ''
    expect(words).not.toContain('hunter2')
    expect(words.length).toBeLessThanOrEqual(400)
  })

  it('is waited for when the journal is late, and only what was said since the restart began counts', async () => {
    const asked: unknown[] = []
    const words = await readStartFailure({
      unit: 'drover-patroni@pg-main-1.service',
      since: 5_000,
      signal: new AbortController().signal,
      systemd: {
        lastLines: async (unit, _, which) => {
          asked.push({ unit, since: which?.since })
          return asked.length < 2 ? '' : `${AT} [7] FATAL:  could not map anonymous shared memory`
        },
      },
    })
    expect(words).toBe('could not map anonymous shared memory')
    expect(asked).toEqual(Array(2).fill({ unit: 'drover-patroni@pg-main-1.service', since: 5_000 }))
  })
})
