import { describe, expect, it } from 'vitest'
import { changeOperation, changeStep } from './state.ts'

const failure = { code: 'failed', message: 'no', retryable: false, problems: [] } as const

describe('the state of a step', () => {
  it('counts attempts and keeps the start of the one that runs', () => {
    const running = changeStep({ state: 'pending', attempt: 1 }, { to: 'running', at: 5 })
    expect(changeStep(running, { to: 'running', at: 9 })).toEqual({ state: 'running', attempt: 1, startedAt: 5 })
    const failed = changeStep(running, { to: 'failed', at: 7, failure })
    expect(changeStep(failed, { to: 'pending' })).toEqual({ state: 'pending', attempt: 2 })
  })

  it('never leaves done', () => {
    const done = { state: 'done', attempt: 1, startedAt: 1, endedAt: 2, detail: '' } as const
    expect(() => changeStep(done, { to: 'pending' })).toThrow('impossible transition from done to pending')
    expect(() => changeStep(done, { to: 'running', at: 3 })).toThrow('impossible')
  })
})

describe('the state of an operation', () => {
  it('goes on from failed and cancelled, and keeps its first start', () => {
    const failed = { state: 'failed', startedAt: 1, endedAt: 2, rolledBack: false, failure } as const
    expect(changeOperation(failed, { to: 'running', at: 9 })).toEqual({ state: 'running', startedAt: 1 })
  })

  it('cannot end without having run, and never leaves done', () => {
    expect(() => changeOperation({ state: 'pending' }, { to: 'done', at: 1 })).toThrow('impossible')
    expect(() => changeOperation({ state: 'done', startedAt: 1, endedAt: 2 }, { to: 'running', at: 3 })).toThrow(
      'impossible',
    )
  })
})
