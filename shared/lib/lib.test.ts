import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { assert, double, jsonValue, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { abortable, deadlineController, linkedController } from './abort.ts'
import { createBackoff } from './backoff.ts'
import { systemClock } from './clock.ts'
import { canonicalJson, contentHash, sha256Hex } from './hash.ts'
import { createLog } from './log.ts'
import { Queue } from './queue.ts'
import { Secret } from './secret.ts'
import { uuidV7 } from './uuid.ts'

describe('a linked controller', () => {
  it('aborts with the reason of whichever parent aborts first', () => {
    const [left, right] = [new AbortController(), new AbortController()]
    const linked = linkedController(left.signal, right.signal)
    const reason = new Error('right')
    right.abort(reason)
    left.abort(new Error('left'))
    expect(linked.signal.reason).toBe(reason)
    expect(linkedController(right.signal).signal.reason).toBe(reason)
  })

  it('takes its listeners off its parents, disposed or aborted', () => {
    const parent = countingSignal()
    linkedController(parent.signal)[Symbol.dispose]()
    linkedController(parent.signal).abort()
    const deadline = deadlineController(60_000, parent.signal)
    expect(parent.listeners()).toBe(1)
    deadline[Symbol.dispose]()
    expect(parent.listeners()).toBe(0)
  })

  it('ends at its deadline with a TimeoutError', async () => {
    const { signal } = deadlineController(5)
    await expect(abortable(new Promise(() => {}), signal)).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('lets a promise be waited for until it aborts, and leaves no listener', async () => {
    const parent = countingSignal()
    expect(await abortable(Promise.resolve(1), parent.signal)).toBe(1)
    await expect(abortable(Promise.reject(new Error('own')), parent.signal)).rejects.toThrow('own')
    await new Promise(resolve => setImmediate(resolve))
    expect(parent.listeners()).toBe(0)
    await expect(abortable(new Promise(() => {}), AbortSignal.abort(new Error('early')))).rejects.toThrow('early')
  })
})

describe('back-off', () => {
  it('doubles its ceiling from half a second to a minute', () => {
    const backoff = createBackoff({ random: () => 1 })
    expect(Array.from({ length: 9 }, () => backoff.next())).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ])
  })

  it('spreads over the whole range below the ceiling', () => {
    assert(
      property(double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), random => {
        expect(createBackoff({ random: () => random }).next()).toBe(random * 500)
      }),
    )
  })

  it('starts again only after a healthy life', () => {
    const backoff = createBackoff({ random: () => 1 })
    backoff.next()
    backoff.lived(59_999)
    expect(backoff.next()).toBe(1000)
    backoff.lived(60_000)
    expect(backoff.next()).toBe(500)
  })
})

describe('a queue', () => {
  it('gives its items in order to a reader that waits', async () => {
    const queue = new Queue<number>({ maxItems: 10 })
    const reading = collect(queue)
    for (const item of [1, 2, 3]) queue.push(item)
    await new Promise(resolve => setImmediate(resolve))
    queue.push(4)
    queue.close()
    expect(await reading).toEqual([1, 2, 3, 4])
    expect(queue.push(5)).toBe(false)
  })

  it('refuses or drops when it is full, by count and by bytes', () => {
    const refusing = new Queue<string>({ maxItems: 2 })
    expect(['a', 'b', 'c'].map(item => refusing.push(item))).toEqual([true, true, false])
    expect(refusing.dropped).toBe(1)

    const sizeOf = (item: string) => item.length
    const dropping = new Queue<string>({ maxItems: 100, maxBytes: 5, sizeOf, whenFull: 'drop-oldest' })
    expect(['aaa', 'bb', 'cccc'].map(item => dropping.push(item))).toEqual([true, true, true])
    expect([dropping.size, dropping.dropped]).toEqual([1, 2])
    expect(dropping.push('dddddd')).toBe(false)
  })

  it('keeps what it holds when an item comes that could never fit', () => {
    const queue = new Queue<string>({ maxItems: 9, maxBytes: 5, sizeOf: item => item.length, whenFull: 'drop-oldest' })
    queue.push('aaa')
    expect(queue.push('too long')).toBe(false)
    expect(queue.size).toBe(1)
  })

  it('is closed by a reader that leaves', async () => {
    const queue = new Queue<number>({ maxItems: 10 })
    queue.push(1)
    queue.push(2)
    for await (const item of queue) if (item === 1) break
    expect([queue.closed, queue.size, queue.push(3)]).toEqual([true, 0, false])
  })
})

describe('canonical JSON', () => {
  it('is JSON, and does not depend on the order of keys', () => {
    assert(
      property(jsonValue(), value => {
        const text = canonicalJson(value)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
        expect(canonicalJson(reversed(value))).toBe(text)
      }),
    )
    expect(contentHash({ b: 1, a: [null, 'ü'], c: undefined })).toBe(sha256Hex('{"a":[null,"ü"],"b":1}'))
  })

  it('refuses what JSON would silently change', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, [undefined], () => 1, 1n])
      expect(() => canonicalJson(value)).toThrow(TypeError)
  })
})

describe('a log', () => {
  it('writes one JSON object a line, with fields of its parents', () => {
    const { log, lines } = memoryLog()
    log.child({ nodeId: 'n1' }).info('session opened', { attempt: 2 })
    log.debug('not shown')
    expect(lines()).toMatchObject([{ level: 'info', msg: 'session opened', nodeId: 'n1', attempt: 2 }])
  })

  it('prints no secret, however deep, and no bytes', () => {
    const { log, text } = memoryLog()
    const secret = new Secret('hunter2')
    const error = new Error('outer', { cause: new Error('inner') })
    log.child({ secret }).warn('careful', { secret, deep: { list: [secret] }, key: randomBytes(4), error })
    expect(text()).not.toContain('hunter2')
    expect(text()).toContain('[REDACTED]')
    expect(text()).toContain('"4 bytes"')
    expect(text()).toContain('inner')
    expect(`${secret} ${inspect({ secret })} ${JSON.stringify({ secret })}`).not.toContain('hunter2')
    expect(secret.reveal()).toBe('hunter2')
  })
})

describe('time', () => {
  it('wakes sleepers in order, and lets them be aborted', async () => {
    const clock = new ManualClock()
    const woken: string[] = []
    const { signal } = new AbortController()
    const sleepers = [
      clock.sleep(20, signal).then(() => woken.push('late')),
      clock.sleep(10, signal).then(() => woken.push('early')),
    ]
    const controller = new AbortController()
    const aborted = clock.sleep(15, controller.signal)
    controller.abort(new Error('stop'))
    await expect(aborted).rejects.toThrow('stop')
    await clock.advance(10)
    expect(woken).toEqual(['early'])
    await clock.advance(10)
    await Promise.all(sleepers)
    expect(clock.sleeping).toBe(0)
  })

  it('sleeps for real until aborted with its reason', async () => {
    const controller = new AbortController()
    const sleep = systemClock.sleep(60_000, controller.signal)
    controller.abort(new Error('stop'))
    await expect(sleep).rejects.toThrow('stop')
  })

  it('orders version 7 UUIDs', () => {
    const now = 1_750_000_000_000
    const id = uuidV7(now)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(uuidV7(now + 1) > id).toBe(true)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now)
  })
})

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The same value with the keys of its objects the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  )
}

function countingSignal() {
  const { signal } = new AbortController()
  let count = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1
    remove(...args)
  }
  return { signal, listeners: () => count }
}

function memoryLog() {
  const written: string[] = []
  const log = createLog({ destination: { write: line => written.push(line) } })
  return {
    log,
    text: () => written.join(''),
    lines: () => written.map(line => JSON.parse(line) as Record<string, unknown>),
  }
}
