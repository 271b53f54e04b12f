import { setTimeout as delay } from 'node:timers/promises'
import { redact } from '../../host/redact.ts'
import type { Systemd } from '../../host/systemd.ts'

/** Patroni, asked by every proxy, and refused connections log in between. */
const LINES = 2_000
/** The journal may be a moment behind. */
const LOOKS = 5
const PAUSE_MS = 300
const MAX_LENGTH = 400

/** PostgreSQL's own words of why it did not start since then, without secrets; undefined when the journal has none. */
export async function readStartFailure(given: {
  readonly unit: string
  /** Unix milliseconds. */
  readonly since: number
  readonly systemd: Pick<Systemd, 'lastLines'>
  readonly signal: AbortSignal
}): Promise<string | undefined> {
  const { unit, since, systemd, signal } = given
  for (let look = 1; look <= LOOKS; look += 1) {
    const words = startFailureIn(await systemd.lastLines(unit, signal, { count: LINES, since }))
    if (words !== undefined) return words
    await delay(PAUSE_MS, undefined, { signal })
  }
  return undefined
}

/**
 * The last complaint that ends a server, with the line that explains it. Not what clients are told meanwhile, nor what one
 * session did wrong. The last line of a failed start is no mark: it is that of a clean stop, `database system is shut down`. Pure.
 */
export function startFailureIn(log: string): string | undefined {
  const lines = log.split('\n')
  const at = lines.findLastIndex(line => COMPLAINT.test(line) && !OF_A_SESSION.test(line))
  const complaint = lines[at]
  if (complaint === undefined) return undefined
  const words = complaint.replace(COMPLAINT, '')
  // A broken file is complained of line by line before.
  const explained = words.endsWith('contains errors')
    ? lines.slice(0, at).findLast(line => /\bLOG: /.test(line))
    : lines.slice(at + 1, at + 2).find(line => /\bDETAIL: /.test(line))
  const detail = explained === undefined ? '' : `: ${explained.replace(/^.*?\b(LOG|DETAIL):\s*/, '')}`
  return redact(`${words}${detail}`).slice(0, MAX_LENGTH)
}

const COMPLAINT = /^.*?\b(FATAL|PANIC):\s*/
const OF_A_SESSION =
  /system is (starting up|shutting down|not yet accepting|in recovery mode)|terminating (connection|walreceiver|background worker)|authentication failed|no pg_hba\.conf entry|(role|database) ".*" (does not exist|is not permitted)|too many (clients|connections)|remaining connection slots|could not (connect to the primary|receive data from WAL|start WAL streaming|send data to client)|streaming replication/
