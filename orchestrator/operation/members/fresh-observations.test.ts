import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../shared/lib/clock.ts'
import type { Observations } from '../conditions.ts'
import { freshObservations } from './fresh-observations.ts'

describe('fresh observations', () => {
  it('are asked for, and there when every agent has looked from its beginning since then', async () => {
    const times = new Map([
      ['a', 1],
      ['b', 1],
    ])
    // The first answer of each is of a look that was under way.
    const looks = ['a', 'a', 'b', 'b', 'a']
    const told: string[] = []
    const fleet = {
      observations: (): Observations =>
        new Map([...times].map(([node, observedAt]) => [node, { observedAt, instances: [] }])),
      lookAgain: (nodeIds: readonly string[]) => void told.push(`ask ${nodeIds.join(' and ')}`),
      observed: async () => {
        const node = looks.shift() ?? ''
        told.push(node)
        times.set(node, (times.get(node) ?? 0) + 1)
      },
    }
    const signal = new AbortController().signal
    await freshObservations([{ nodeId: 'a' }, { nodeId: 'b' }], { fleet, clock: systemClock, signal })
    expect(told).toEqual(['ask a and b', 'a', 'a', 'b', 'ask a and b', 'b', 'a'])
  })
})
