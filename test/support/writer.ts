import { setTimeout as delay } from 'node:timers/promises'
import { type DatabaseUrl, openSession, type Session } from './database-url.ts'

export interface WriterOptions {
  readonly url: DatabaseUrl
  readonly run: string
  readonly number: number
  readonly thinkMs: number
  /** A statement that takes longer is given up and the connection dropped: its host may be dead without a word. */
  readonly patienceMs: number
  /** A session ends by itself after so long, between two transactions, and the client connects anew. Absent: it stays. */
  readonly sessionMs?: number
  readonly signal: AbortSignal
  readonly onCommit: () => void
}

/** What one client knows of its writes. Each number is used once, whatever became of it. */
export interface WriterOutcome {
  readonly acknowledged: readonly number[]
  /** The answer to COMMIT never came: both outcomes are right. */
  readonly inDoubt: readonly number[]
  /** Failed before COMMIT was sent, or refused by it. */
  readonly failed: readonly number[]
  /** How often each kind of failure came, connecting included. */
  readonly errors: Readonly<Record<string, number>>
}

const RETRY_MS = 20

/** Writes until the signal: BEGIN; INSERT; COMMIT, connecting anew, through the next door, whenever anything fails. */
export async function runWriter(options: WriterOptions): Promise<WriterOutcome> {
  const { url, number, signal } = options
  const acknowledged: number[] = []
  const inDoubt: number[] = []
  const failed: number[] = []
  const errors: Record<string, number> = {}
  let session: Session | undefined
  // Clients start at different doors, so that every door is in use.
  let attempt = number
  let sequence = 0
  let connectedAt = 0

  while (!signal.aborted) {
    try {
      if (session === undefined) {
        session = await connect(options, attempt)
        connectedAt = performance.now()
      }
    } catch (error) {
      count(error)
      attempt += 1
      await delay(RETRY_MS)
      continue
    }
    sequence += 1
    const outcome = await write(session, options, sequence)
    if (outcome.kind === 'acknowledged') {
      acknowledged.push(sequence)
      options.onCommit()
      if (performance.now() - connectedAt > (options.sessionMs ?? Number.POSITIVE_INFINITY)) {
        session.drop()
        session = undefined
      }
      await delay(options.thinkMs)
      continue
    }
    ;(outcome.kind === 'in-doubt' ? inDoubt : failed).push(sequence)
    count(outcome.error)
    session.drop()
    session = undefined
    attempt += 1
    await delay(RETRY_MS)
  }
  session?.drop()
  return { acknowledged, inDoubt, failed, errors }

  function count(error: unknown): void {
    const text = error instanceof Error ? error.message || error.name : String(error)
    errors[text] = (errors[text] ?? 0) + 1
  }

  function connect({ patienceMs }: WriterOptions, turn: number): Promise<Session> {
    const door = url.doors[turn % url.doors.length]
    if (door === undefined) throw new Error('the URL names no host')
    return openSession(url, door, { connectionTimeoutMillis: patienceMs, query_timeout: patienceMs })
  }
}

type WriteOutcome =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'failed' | 'in-doubt'; readonly error: unknown }

async function write({ client }: Session, options: WriterOptions, sequence: number): Promise<WriteOutcome> {
  try {
    await client.query('BEGIN')
    await client.query('INSERT INTO writer_load (run, client, seq) VALUES ($1, $2, $3)', [
      options.run,
      options.number,
      sequence,
    ])
  } catch (error) {
    return { kind: 'failed', error }
  }
  try {
    const { command } = await client.query('COMMIT')
    // PostgreSQL answers ROLLBACK to the COMMIT of a transaction that has failed.
    if (command === 'COMMIT') return { kind: 'acknowledged' }
    return { kind: 'failed', error: new Error(`COMMIT was answered with ${command}`) }
  } catch (error) {
    return { kind: 'in-doubt', error }
  }
}
