import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { EventLog, type FleetEvent, type NewEvent } from './event-log.ts'

describe('the event log', () => {
  it('gives past events after a cursor and then new ones, each once, in order', async () => {
    await using temporary = temporaryStore()
    const log = new EventLog({ store: temporary.store, clock: new ManualClock() })
    await log.append(event('one'), event('two'))
    const controller = new AbortController()
    const seen: string[] = []
    const watching = (async () => {
      for await (const { message } of log.watch({ after: 1, signal: controller.signal })) {
        if (seen.push(message) === 3) controller.abort()
      }
    })().catch(() => undefined)
    await log.append(event('three'))
    await log.append(event('four'))
    await watching
    expect(seen).toEqual(['two', 'three', 'four'])
  })

  it('goes on counting after a restart', async () => {
    await using temporary = temporaryStore()
    const clock = new ManualClock()
    await new EventLog({ store: temporary.store, clock }).append(event('one'))
    const log = new EventLog({ store: temporary.store, clock })
    await log.append(event('two'))
    expect(cursors(await log.list({ after: 0, limit: 10 }))).toEqual([1, 2])
  })

  it('commits state and events together, or neither', async () => {
    await using temporary = temporaryStore()
    const { store } = temporary
    const log = new EventLog({ store, clock: new ManualClock() })
    const success = [{ kind: 'put' as const, key: 'state', value: Buffer.from('new') }]
    const compare = [{ key: 'state', target: 'version' as const, operator: '=' as const, value: 7 }]
    expect((await log.commit({ compare, success, events: [event('changed')] })).succeeded).toBe(false)
    expect(await store.get('state')).toBeNull()
    expect(await log.list({ after: 0, limit: 10 })).toEqual([])
    await log.commit({ success, events: [event('changed')] })
    expect(cursors(await log.list({ after: 0, limit: 10 }))).toEqual([1])
  })

  it('drops what is beyond its count or its age, and never the newest', async () => {
    await using temporary = temporaryStore()
    const clock = new ManualClock()
    const log = new EventLog({ store: temporary.store, clock, maxEvents: 100, maxAgeMs: 1000 })
    for (let batch = 0; batch < 6; batch += 1) await log.append(...Array.from({ length: 50 }, () => event('old')))
    expect((await log.list({ after: 0, limit: 1000 })).length).toBeLessThanOrEqual(150)
    await clock.advance(5000)
    for (let batch = 0; batch < 5; batch += 1) await log.append(...Array.from({ length: 50 }, () => event('new')))
    const left = await log.list({ after: 0, limit: 1000 })
    expect(left.every(({ message }) => message === 'new')).toBe(true)
    expect(left.at(-1)?.cursor).toBe(550)
  })
})

function event(message: string): NewEvent {
  return { type: 'node:connected', subject: 'test', message }
}

function cursors(events: readonly FleetEvent[]): readonly number[] {
  return events.map(({ cursor }) => cursor)
}
