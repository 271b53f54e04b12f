import { describe, expect, it } from 'vitest'
import type { OperationDetails, OperationStepView } from './operation.ts'
import { timelineOf } from './timeline.ts'

describe('the timeline of an operation', () => {
  const details = operation([
    [step('01-01', 1_000, 1_500), step('01-02', 1_000, 4_000)],
    [step('02-01', 4_010, 5_000)],
    [step('03-01', 5_020, undefined), step('03-02')],
    [step('04-01')],
  ])

  it('says when each step began and how long it took, up to now for one that has not ended', () => {
    const { tookMs, steps } = timelineOf(details, 6_000)
    expect(tookMs).toBe(6_000)
    expect(steps.get('01-01')).toEqual({ startMs: 1_000, tookMs: 500, onLongestPath: false })
    expect(steps.get('03-01')).toEqual({ startMs: 5_020, tookMs: 980, onLongestPath: true })
    expect(steps.has('03-02')).toBe(false)
  })

  it('marks the chain of steps that decides how long the whole takes', () => {
    const { steps } = timelineOf(details, 6_000)
    expect([...steps].flatMap(([id, { onLongestPath }]) => (onLongestPath ? [id] : []))).toEqual([
      '01-02',
      '02-01',
      '03-01',
    ])
  })

  it('gives each phase from the first of its steps to the last', () => {
    expect(timelineOf(details, 6_000).phases).toEqual([
      { startMs: 1_000, tookMs: 3_000, onLongestPath: true },
      { startMs: 4_010, tookMs: 990, onLongestPath: true },
      { startMs: 5_020, tookMs: 980, onLongestPath: true },
      null,
    ])
  })

  it('counts a step from its first attempt', () => {
    const tried = operation([[{ ...step('01-01', 3_000, 4_000), begunAt: 1_000 }]])
    expect(timelineOf(tried, 9_000).steps.get('01-01')).toEqual({ startMs: 1_000, tookMs: 3_000, onLongestPath: true })
  })

  it('shows a path through steps that lie beside a long one', () => {
    const beside = operation([[step('01-01', 0, 2_000), step('01-02', 0, 500)], [step('02-01', 500, 2_500)]])
    const { steps } = timelineOf(beside, 3_000)
    expect([...steps].flatMap(([id, { onLongestPath }]) => (onLongestPath ? [id] : []))).toEqual(['01-02', '02-01'])
  })
})

function step(stepId: string, startedAt?: number, endedAt?: number): OperationStepView {
  return {
    stepId,
    title: stepId,
    state: endedAt === undefined ? 'running' : 'done',
    attempt: 1,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  }
}

function operation(phases: readonly (readonly OperationStepView[])[]): OperationDetails {
  return {
    summary: {
      operationId: 'op',
      kind: 'apply',
      state: 'running',
      subject: 'pg-main',
      clusters: [],
      locks: [],
      createdAt: 0,
      requestedBy: 'ops',
    },
    phases: phases.map((steps, index) => ({ name: `phase ${index}`, steps })),
    rolledBack: false,
  }
}
