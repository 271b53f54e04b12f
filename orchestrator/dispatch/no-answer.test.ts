import { describe, expect, it } from 'vitest'
import { noAnswer } from './no-answer.ts'

describe('a wait for a node that stays away', () => {
  const error = new DOMException('timed out', 'TimeoutError')
  const away = { error, nodeId: 'n1', channel: undefined, signal: new AbortController().signal }

  it('is worth another attempt when it was short, and not when it took minutes', () => {
    expect(noAnswer({ ...away, waitedMs: 20_000 })).toMatchObject({ code: 'unavailable', retryable: true })
    expect(noAnswer({ ...away, waitedMs: 600_000 })).toMatchObject({ code: 'unavailable', retryable: false })
  })

  it('is no time-out when the caller has aborted', () => {
    expect(noAnswer({ ...away, waitedMs: 600_000, signal: AbortSignal.abort() })).toBe(error)
  })
})
