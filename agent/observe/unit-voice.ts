import { redact } from '../host/redact.ts'
import type { Systemd } from '../host/systemd.ts'

/** What is to be learnt of a unit that does not answer. */
export interface UnitWords {
  /** The last complaint, or else the last line; without secrets, at most 300 characters; empty when nothing can be read. */
  readonly lastLine: string
  /** How often systemd has started it again; absent when systemd does not say. */
  readonly restarts?: number
}

export interface UnitVoice {
  /** At most 5 s old. Never throws. */
  listen(unit: string, signal: AbortSignal): Promise<UnitWords>
}

const REREAD_MS = 5_000
const MAX_LENGTH = 300
/** A Python traceback stands between what PostgreSQL complained about and the end. */
const LINES = 60
/** From the most to the least telling: the server's own words, any other complaint. */
const COMPLAINTS = [
  /FATAL|PANIC|initdb: error|could not|No space left|ermission denied|ead-only file system/,
  /ERROR|CRITICAL|Exception|Error:/,
]

export function createUnitVoice(parts: {
  readonly systemd: Pick<Systemd, 'lastLines' | 'show'>
  readonly now: () => number
}): UnitVoice {
  const { systemd, now } = parts
  const heard = new Map<string, { readonly at: number; readonly words: UnitWords }>()
  return {
    async listen(unit, signal) {
      const known = heard.get(unit)
      if (known !== undefined && now() - known.at < REREAD_MS) return known.words
      const [lines, shown] = await Promise.all([
        systemd.lastLines(unit, signal, { count: LINES }),
        systemd.show([unit], signal).catch(() => null),
      ])
      const restarts = shown?.get(unit)?.restarts
      const lastLine = redact(tellingLine(lines.split('\n'))).slice(0, MAX_LENGTH)
      const words = { lastLine, ...(restarts === undefined ? {} : { restarts }) }
      heard.set(unit, { at: now(), words })
      return words
    },
  }
}

function tellingLine(lines: readonly string[]): string {
  const complaint = COMPLAINTS.map(pattern => lines.findLast(line => pattern.test(line))).find(
    line => line !== undefined,
  )
  return complaint ?? lines.at(-1) ?? ''
}
