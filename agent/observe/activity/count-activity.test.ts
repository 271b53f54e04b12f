import { describe, expect, it } from 'vitest'
import { severitiesIn } from './count-activity.ts'

describe("PostgreSQL's log", () => {
  it('is counted by severity; what Patroni says is not', () => {
    const log = `2026-11-23 05:00:00.000 UTC [1] ERROR:  duplicate key value violates unique constraint "a"
2026-11-23 05:00:00.000 UTC [1] DETAIL:  Key (id)=(1) already exists.
2026-11-23 05:00:01,000 ERROR: failed to get list of machines
2026-11-23 05:00:02.000 UTC [2] FATAL:  terminating connection due to administrator command
2026-11-23 05:00:02.000 UTC [3] ERROR:  FATAL:  is only quoted
2026-11-23 05:00:03.000 UTC [4] PANIC:  could not write to file`
    expect(severitiesIn(log)).toEqual({ panics: 1, fatals: 1, errors: 2 })
    expect(severitiesIn('')).toEqual({ panics: 0, fatals: 0, errors: 0 })
  })
})
