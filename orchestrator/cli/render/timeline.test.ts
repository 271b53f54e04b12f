import { expect, it } from 'vitest'
import type { OperationStep__Output } from '../../../proto/gen/drover/v1/OperationStep.ts'
import type { Span__Output } from '../../../proto/gen/drover/v1/Span.ts'
import { renderOperation } from './operation.ts'

const output = { write: () => undefined, interactive: false, color: false, columns: 80 }

it('shows where the time of an operation went, and which steps decided how long it took', () => {
  const shown = renderOperation(output, {
    summary: {
      operationId: 'op-1',
      kind: 'switchover',
      state: 'running',
      subject: 'pg-main',
      createdAtMs: 1_750_000_000_000,
      requestedBy: 'root',
      locks: ['cluster/pg-main'],
    },
    phases: [
      {
        name: 'prepare',
        span: span(0, 1000, true),
        steps: [step('a', span(0, 1000, true)), step('b', span(0, 20, false))],
      },
      { name: 'verify', span: null, steps: [{ ...step('c', null), state: 'pending', attempt: 2, detail: '' }] },
    ],
    failure: null,
    outputJson: '',
    rolledBack: false,
    tookMs: 4000,
  })
  expect(shown.split('\n')).toEqual([
    'operation op-1  switchover pg-main  running',
    'started 2025-06-15T15:06:40Z by root, 4.0s, holds cluster/pg-main',
    '*      0ms    1.0s                           prepare',
    '*      0ms    1.0s ━━━━━━                    done node-1 checkpoint a: 5 ms',
    '       0ms    20ms ━                         done node-1 checkpoint b: 5 ms',
    '                                             verify',
    '                                             pending node-1 checkpoint c (attempt 2)',
    '',
  ])
})

function span(startMs: number, tookMs: number, onLongestPath: boolean): Span__Output {
  return { startMs, tookMs, onLongestPath }
}

function step(name: string, of: Span__Output | null): OperationStep__Output {
  return {
    stepId: name,
    title: `checkpoint ${name}`,
    node: 'node-1',
    state: 'done',
    attempt: 1,
    detail: '5 ms',
    failure: null,
    span: of,
  }
}
