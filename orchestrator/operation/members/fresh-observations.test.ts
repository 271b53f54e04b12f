import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../shared/lib/clock.ts'
import type { Observations } from '../conditions.ts'
import { freshObservations } from './fresh-observations.ts'

describe('fresh observations', () => {
  it('are asked for, and there when every agent has looked again', async () => {
    const times = new Map([
      ['a', 1],
      ['b', 1],
    ])
    const looks = ['a', 'a', 'b']
    const told: string[] = []
    const asked: string[] = []
    const fleet = {
      observations: (): Observations =>
        new Map([...times].map(([node, observedAt]) => [node, { observedAt, instances: [] }])),
      lookAgain: (nodeIds: readonly string[]) => void asked.push(...nodeIds),
      observed: async () => {
        const node = looks.shift() ?? ''
        told.push(node)
        times.set(node, (times.get(node) ?? 0) + 1)
      },
    }
    const signal = new AbortController().signal
    await freshObservations([{ nodeId: 'a' }, { nodeId: 'b' }], { fleet, clock: systemClock, signal })
    expect(asked).toEqual(['a', 'b'])
    expect(told).toEqual(['a', 'a', 'b'])
  })
})
