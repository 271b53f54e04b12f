import { fileURLToPath } from 'node:url'
import type { Lab } from '../../deploy/lab/lab.ts'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { startNdjsonChild } from './ndjson-child.ts'

export interface WriterLoadOptions {
  /** `postgres://user:password@host:port,host:port/database`: clients go on through the next door when one fails. */
  readonly url: string
  /** Names this load's rows, so that loads may share the table. */
  readonly run: string
  readonly clients: number
  /** Pause of each client after a commit. */
  readonly thinkMs: number
  readonly patienceMs: number
  /** How long a client stays connected; absent: for ever. */
  readonly sessionMs?: number
}

export interface LoadProgress {
  readonly acknowledged: number
  readonly sinceLastCommitMs: number
}

export interface LoadReport {
  readonly acknowledged: number
  /** Transactions that certainly did not happen. */
  readonly failed: number
  /** Transactions whose COMMIT was sent and never answered. */
  readonly inDoubt: number
  /** Longest time in which no client committed. */
  readonly longestStallMs: number
  /** Failures by their text. */
  readonly errors: Readonly<Record<string, number>>
}

export interface Verification {
  readonly found: number
  readonly inDoubtFound: number
  /** Acknowledged and not there: `client/sequence`. */
  readonly lost: readonly string[]
}

/** Clients that write side by side, from the lab's network, and remember every acknowledged row. */
export interface WriterLoad extends AsyncDisposable {
  readonly progress: () => Promise<LoadProgress>
  readonly stop: () => Promise<LoadReport>
  /** After `stop`: looks up every acknowledged row through this URL. */
  readonly verify: (url: string) => Promise<Verification>
}

const entry = fileURLToPath(new URL('writer-load-main.ts', import.meta.url))

/** Starts the load in a process of its own, so that what the test does meanwhile never looks like a stall. */
export async function startWriterLoad(
  lab: Lab,
  options: Pick<WriterLoadOptions, 'url' | 'run'> & Partial<WriterLoadOptions>,
): Promise<WriterLoad> {
  const child = startNdjsonChild(await lab.inNamespaceCommand([process.execPath, entry]))
  try {
    await child.call('start', { clients: 8, thinkMs: 5, patienceMs: 5000, ...options })
  } catch (error) {
    await child.close()
    throw error
  }
  return {
    progress: () => child.call('progress', {}) as Promise<LoadProgress>,
    stop: () => child.call('stop', {}) as Promise<LoadReport>,
    verify: url => child.call('verify', { url }) as Promise<Verification>,
    [Symbol.asyncDispose]: child.close,
  }
}

/** Waits for so many more acknowledged writes. */
export async function writesGoOn(load: Pick<WriterLoad, 'progress'>, more: number, timeoutMs = 20_000): Promise<void> {
  const { acknowledged } = await load.progress()
  await waitUntil({
    what: `${more} more writes`,
    timeoutMs,
    intervalMs: 100,
    check: async () => (await load.progress()).acknowledged >= acknowledged + more,
    explain: async () => JSON.stringify(await load.progress()),
  })
}
