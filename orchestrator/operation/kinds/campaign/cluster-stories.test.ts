import { describe, expect, it } from 'vitest'
import type { StepRecord } from '../../record.ts'
import { clusterStories } from './cluster-stories.ts'

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
  const { clusters } = clusterStories({ waves: WAVES }, { steps, children: new Map() })

  it('says why it went back, with figures, and how that ended', () => {
    expect(clusters[0]).toMatchObject({
      cluster: 'pg-1',
      state: 'back',
      because: 'a transaction takes 110 ms, 12 ms in the hour before; it runs again what it ran before',
    })
  })

  it('says that the others have not begun', () => {
    expect(clusters[1]).toMatchObject({ cluster: 'pg-2', wave: 'wave 1 of 1', state: 'waiting' })
  })
})

function done(phase: string, title: string, result: unknown): StepRecord {
  const status = { state: 'done', attempt: 1, startedAt: 1, endedAt: 2, detail: '', result } as const
  return { id: title, phase, title, begunAt: 1, status }
}
