import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ActivityWindow } from '../../../shared/domain/activity.ts'
import { whyUnwell } from './activity-verdict.ts'

const HOUR = 3_600_000

/** Ten transactions a second of 4 ms, 0.5 % of them rolled back, an error a minute. */
function usual(ms: number, change: Partial<ActivityWindow> = {}): ActivityWindow {
  const transactions = ms / 100
  return {
    ms,
    server: { commits: transactions * 0.995, rollbacks: transactions * 0.005, killed: 0 },
    poolers: { transactions, transactionMs: transactions * 4, waitMs: 0 },
    log: { panics: 0, fatals: 0, errors: ms / 60_000 },
    ...change,
  }
}

describe('what goes through a cluster after its upgrade', () => {
  const before = usual(HOUR)

  it('is well when it is as before, also with cold caches', () => {
    expect(whyUnwell(usual(300_000), before)).toBe(null)
    expect(
      whyUnwell(usual(300_000, { poolers: { transactions: 3_000, transactionMs: 3_000 * 18, waitMs: 0 } }), before),
    ).toBe(null)
  })

  it.each<[string, Partial<ActivityWindow>, string]>([
    ['the log has a PANIC', { log: { panics: 1, fatals: 0, errors: 0 } }, 'its log has 1 PANIC'],
    [
      'errors are many more than before',
      { log: { panics: 0, fatals: 40, errors: 60 } },
      'its log has 20 errors a minute, 1 in the hour before',
    ],
    [
      'transactions are rolled back',
      { server: { commits: 2_850, rollbacks: 150, killed: 0 } },
      '5 % of its transactions are rolled back, 0.5 % in the hour before',
    ],
    [
      'clients wait',
      { poolers: { transactions: 3_000, transactionMs: 30_000, waitMs: 120_000 } },
      'a transaction takes 50 ms, 4 ms in the hour before',
    ],
    [
      'nobody comes through any more',
      { poolers: { transactions: 0, transactionMs: 0, waitMs: 0 } },
      'no transaction has gone through its poolers for 300 s, 600 a minute in the hour before',
    ],
  ])('is not when %s', (_what, change, because) => {
    expect(whyUnwell(usual(300_000, change), before)).toBe(because)
  })

  it('may pause for a moment', () => {
    expect(whyUnwell(usual(120_000, { poolers: { transactions: 0, transactionMs: 0, waitMs: 0 } }), before)).toBe(null)
  })

  it('is not judged of a quiet cluster, of a short time, and without the hour before', () => {
    const quiet = usual(300_000, { server: { commits: 10, rollbacks: 90, killed: 0 }, log: usual(1).log ?? never() })
    expect(whyUnwell({ ms: quiet.ms, server: quiet.server ?? never() }, before)).toBe(null)
    const bad = { server: { commits: 1_000, rollbacks: 1_000, killed: 0 } }
    expect(whyUnwell(usual(30_000, bad), before)).toBe(null)
    expect(whyUnwell(usual(300_000, bad), undefined)).toBe(null)
    expect(whyUnwell(usual(300_000, bad), usual(60_000))).toBe(null)
    expect(whyUnwell({ ms: 300_000 }, before)).toBe(null)
  })

  it('is never worse for being as it was, whatever that is', () => {
    const counts = fc.nat(1_000_000)
    fc.assert(
      fc.property(fc.tuple(counts, counts, counts, counts, counts, counts), ([a, b, c, d, e, f]) => {
        const same: ActivityWindow = {
          ms: HOUR,
          server: { commits: a, rollbacks: b, killed: 0 },
          poolers: { transactions: c, transactionMs: d, waitMs: e },
          log: { panics: 0, fatals: 0, errors: f },
        }
        expect(whyUnwell(same, same)).toBe(null)
      }),
    )
  })
})

function never(): never {
  throw new Error('not in this test')
}
