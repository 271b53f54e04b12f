import { DroverError } from '../../shared/domain/errors.ts'
import type { EventType } from '../../shared/domain/event-type.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Compare, Mutation, Store, TransactionResult } from '../store/store.ts'
import { decodeJson, encodeJson, orderedNumber } from './json.ts'
import { createSerial } from './serial.ts'

export interface NewEvent {
  readonly type: EventType
  /** What it is about, for people: a node's or cluster's name. */
  readonly subject: string
  /** One sentence without secrets. */
  readonly message: string
  readonly operationId?: string
  readonly stepId?: string
  readonly node?: string
  readonly state?: string
}

export interface FleetEvent extends NewEvent {
  /** Strictly increasing; what to resume a watch from. */
  readonly cursor: number
  /** Unix milliseconds. */
  readonly at: number
}

export interface EventCommit {
  readonly compare?: readonly Compare[]
  readonly success: readonly Mutation[]
  readonly events: readonly NewEvent[]
}

export interface EventLogOptions {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  /** Oldest events beyond this count are dropped. Default 100 000. */
  readonly maxEvents?: number
  /** Default 30 days. */
  readonly maxAgeMs?: number
}

const PREFIX = 'events/'
const PAGE = 500
const TRIM_EVERY = 256

/**
 * The append-only story of the fleet. Events commit in cursor order (one writer at a time), so a watcher that resumes
 * from a cursor misses nothing.
 */
export class EventLog {
  readonly #options: Required<EventLogOptions>
  readonly #serial = createSerial()
  #next: number | undefined

  constructor(options: EventLogOptions) {
    this.#options = { maxEvents: 100_000, maxAgeMs: 30 * 86_400_000, ...options }
  }

  async append(...events: readonly NewEvent[]): Promise<void> {
    await this.commit({ success: [], events })
  }

  /** One transaction that changes state and tells it: both happen or neither. Nothing is written when a compare fails. */
  commit(commit: EventCommit): Promise<TransactionResult> {
    return this.#serial(async () => {
      const first = await this.#nextCursor()
      const at = this.#options.clock.now()
      const keys = commit.events.map((_, index) => eventKey(first + index))
      const result = await this.#options.store.txn({
        compare: [...(commit.compare ?? [])],
        success: [
          ...commit.success,
          ...commit.events.map((event, index) => put(keys[index], { ...event, cursor: first + index, at })),
        ],
      })
      if (!result.succeeded) return result
      this.#next = first + commit.events.length
      if (Math.floor(first / TRIM_EVERY) !== Math.floor(this.#next / TRIM_EVERY)) await this.#trim()
      return result
    })
  }

  /** Oldest first. */
  async list(options: { readonly after: number; readonly limit: number }): Promise<readonly FleetEvent[]> {
    return (await this.#page(options.after, options.limit)).events
  }

  /** Past events after the cursor, then new ones as they are committed, until the signal aborts. */
  async *watch(options: {
    readonly after: number
    readonly signal: AbortSignal
    readonly accept?: (event: FleetEvent) => boolean
  }): AsyncGenerator<FleetEvent, void, undefined> {
    const accept = options.accept ?? (() => true)
    let cursor = options.after
    let revision = 0
    while (true) {
      const page = await this.#page(cursor, PAGE)
      revision = page.revision
      for (const event of page.events) {
        cursor = event.cursor
        if (accept(event)) yield event
      }
      if (page.events.length < PAGE) break
    }
    for await (const batch of this.#options.store.watch({ prefix: PREFIX, after: revision, signal: options.signal })) {
      for (const change of batch) {
        if (change.kind !== 'put') continue
        const event = decodeJson<FleetEvent>(change.entry)
        if (event.cursor <= cursor) continue
        cursor = event.cursor
        if (accept(event)) yield event
      }
    }
  }

  async #page(
    after: number,
    limit: number,
  ): Promise<{ readonly revision: number; readonly events: readonly FleetEvent[] }> {
    const { revision, entries } = await this.#options.store.range(PREFIX, { after: eventKey(after), limit })
    return { revision, events: entries.map(entry => decodeJson<FleetEvent>(entry)) }
  }

  async #nextCursor(): Promise<number> {
    if (this.#next === undefined) {
      const { entries } = await this.#options.store.range(PREFIX, { limit: 1, reverse: true })
      const last = entries[0]
      this.#next = last === undefined ? 1 : decodeJson<FleetEvent>(last).cursor + 1
    }
    return this.#next
  }

  async #trim(): Promise<void> {
    const { store, clock, maxEvents, maxAgeMs } = this.#options
    const oldestCursor = (this.#next ?? 1) - maxEvents
    const oldestTime = clock.now() - maxAgeMs
    const { entries } = await store.range(PREFIX, { limit: TRIM_EVERY * 2 })
    const dropped = entries.filter(entry => {
      const event = decodeJson<FleetEvent>(entry)
      const isNewest = event.cursor === (this.#next ?? 0) - 1
      return !isNewest && (event.cursor < oldestCursor || event.at < oldestTime)
    })
    for (let index = 0; index < dropped.length; index += 100) {
      await store.txn({ success: dropped.slice(index, index + 100).map(entry => ({ kind: 'delete', key: entry.key })) })
    }
  }
}

function eventKey(cursor: number): string {
  return `${PREFIX}${orderedNumber(cursor)}`
}

function put(key: string | undefined, value: FleetEvent): Mutation {
  if (key === undefined) throw new DroverError('internal', 'an event without a key')
  return { kind: 'put', key, value: encodeJson(value) }
}
