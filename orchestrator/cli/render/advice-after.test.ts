import { describe, expect, it } from 'vitest'
import { adviceAfter } from './advice-after.ts'

function after(
  rolledBack: boolean,
  steps: readonly { readonly title: string; readonly state: string }[],
  hint = '',
): string {
  const failure = { code: 'failed', message: 'it broke', retryable: false, hint, problems: [] }
  return adviceAfter({ summary: { operationId: 'op-7' }, phases: [{ steps }], failure, rolledBack })
}

describe('the advice after an operation that failed', () => {
  it('names what was taken back, each step once, and claims nothing of the rest', () => {
    const told = after(
      true,
      [
        { title: 'hold the pooler of pg-1', state: 'compensated' },
        { title: 'hold the pooler of pg-1', state: 'compensated' },
        { title: 'restart pg-2', state: 'done' },
      ],
      'mend the setting',
    )
    expect(told).toBe(
      'hint: mend the setting\ntaken back: hold the pooler of pg-1; what else is done stays done; mend the cause, then start it again\n',
    )
  })

  it('claims nothing when there was nothing to take back', () => {
    expect(after(true, [{ title: 'restart pg-2', state: 'done' }])).toBe(
      'what is done stays done; mend the cause, then start it again\n',
    )
  })

  it('says how to go on where an operation can be resumed', () => {
    expect(after(false, [{ title: 'install packages', state: 'done' }])).toBe(
      'what is done stays done; mend the cause, then apply again or: drover operation resume op-7\n',
    )
  })
})
