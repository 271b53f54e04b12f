import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { NodeObservation } from '../../shared/domain/observation.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { LiveNodes } from '../inventory/live-nodes.ts'
import { createFleetAccess } from './fleet-access.ts'

const HELLO = { clockOffsetMs: 0, bootId: 'boot-1' }

it('what a node said before its session was opened says nothing about now, neither after a restart nor after a return', async () => {
  await using temporary = temporaryStore()
  const clock = new ManualClock(1_000_000)
  const start = () => LiveNodes.load({ store: temporary.store, clock, silentAfterMs: 60_000 })
  const seenIn = (live: LiveNodes) =>
    [
      ...createFleetAccess({ live, clock } as never)
        .observations()
        .values(),
    ].map(({ observedAt }) => observedAt)
  const first = await start()
  await first.connected('n1', HELLO)
  await first.observed('n1', seenAt(1))
  expect(seenIn(first)).toEqual([1])
  await first.flush()

  const second = await start()
  expect(seenIn(second)).toEqual([])
  await second.connected('n1', HELLO)
  expect(seenIn(second)).toEqual([])
  await second.observed('n1', seenAt(2))
  expect(seenIn(second)).toEqual([2])

  await second.disconnected('n1')
  await second.connected('n1', HELLO)
  expect(seenIn(second)).toEqual([])
  await second.observed('n1', seenAt(3))
  expect(seenIn(second)).toEqual([3])
})

it('a change wakes whoever waits once, also one who looks at the whole fleet instead of observations', async () => {
  await using temporary = temporaryStore()
  const clock = new ManualClock(1_000_000)
  const live = await LiveNodes.load({ store: temporary.store, clock, silentAfterMs: 60_000 })
  const access = createFleetAccess({ live, clock } as never)
  const { signal } = new AbortController()
  await live.connected('n1', HELLO)
  await live.observed('n1', seenAt(1))
  await access.observed(signal)
  let wokenBy = 'nothing'
  const waiting = access.observed(signal).then(() => wokenBy)
  await setImmediate()
  wokenBy = 'the second change'
  await live.observed('n1', seenAt(2))
  expect(await waiting).toBe('the second change')
})

function seenAt(observedAt: number): NodeObservation {
  return { observedAt, instances: [] }
}
