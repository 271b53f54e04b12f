import { describe, expect, it } from 'vitest'
import type { OperationDetails } from '../../../../shared/domain/operation.ts'
import type { StepRecord } from '../../record.ts'
import { clusterStories } from './cluster-stories.ts'
import { storyParts } from './story-parts.ts'

const WAVES = [
  { name: 'canary', clusters: ['pg-1'] },
  { name: 'wave 1 of 1', clusters: ['pg-2'] },
]

describe('the story of a canary that the watch has turned back', () => {
  const steps = [
    done('canary', 'upgrade pg-1', { cluster: 'pg-1', result: 'upgraded', operationId: 'op-1' }),
    done('canary: watch', 'watch 1 cluster for 600 s', {
      'pg-1': 'a transaction takes 110 ms, 12 ms in the hour before',
    }),
    done('roll back', 'take pg-1 back', 'it runs again what it ran before'),
  ]
  const { clusters } = clusterStories({ waves: WAVES }, storyParts({ steps, children: new Map() }))

  it('says why it went back, with figures, and how that ended', () => {
    expect(clusters[0]).toMatchObject({
      cluster: 'pg-1',
      state: 'back',
      because: 'a transaction takes 110 ms, 12 ms in the hour before; it runs again what it ran before',
      phases: [{ kind: 'back', name: 'roll back', begunAt: 1, endedAt: 2 }],
      endedAt: 2,
    })
  })

  it('says that the others have not begun', () => {
    expect(clusters[1]).toMatchObject({ cluster: 'pg-2', wave: 'wave 1 of 1', state: 'waiting' })
  })
})

describe('the story of an upgrade that somebody has ended', () => {
  const summary = {
    kind: 'upgrade-cluster',
    subject: 'pg-1',
    clusters: ['pg-1'],
    locks: [],
    createdAt: 1,
    requestedBy: 'ops',
  }
  const steps = [
    done('canary', 'begin pg-1', { operationId: 'op-1' }),
    done('canary', 'begin pg-2', { operationId: 'op-2' }),
  ]
  const goesOn = { ...summary, operationId: 'op-2', state: 'running' } as const

  it('says how those came to their end that were under way', () => {
    const told = (state: 'done' | 'failed') => {
      const ended = { ...summary, operationId: 'op-1', state, endedAt: 5 }
      const failure = { code: 'failed' as const, message: 'it does not start', retryable: false, problems: [] }
      const one: OperationDetails = {
        summary: ended,
        phases: [],
        rolledBack: false,
        ...(state === 'failed' ? { failure } : {}),
      }
      const other: OperationDetails = { summary: goesOn, phases: [], rolledBack: false }
      const children = new Map([
        ['op-1', one],
        ['op-2', other],
      ])
      return clusterStories({ waves: WAVES }, storyParts({ steps, children })).clusters
    }
    expect(told('done')).toMatchObject([{ state: 'upgraded', endedAt: 5 }, { state: 'running' }])
    expect(told('failed')).toMatchObject([{ state: 'failed', because: 'it does not start' }, { state: 'running' }])
  })
})

function done(phase: string, title: string, result: unknown): StepRecord {
  const status = { state: 'done', attempt: 1, startedAt: 1, endedAt: 2, detail: '', result } as const
  return { id: title, phase, title, begunAt: 1, status }
}
