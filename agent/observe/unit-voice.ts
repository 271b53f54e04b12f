import { redact } from '../host/redact.ts'
import type { Systemd } from '../host/systemd.ts'

/** What is to be learnt of a unit that does not answer. */
export interface UnitWords {
  /** Without secrets, at most 300 characters; empty when nothing can be read. */
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
        systemd.lastLines(unit, signal),
        systemd.show([unit], signal).catch(() => null),
      ])
      const restarts = shown?.get(unit)?.restarts
      const lastLine = redact(lines.split('\n').at(-1) ?? '').slice(0, MAX_LENGTH)
      const words = { lastLine, ...(restarts === undefined ? {} : { restarts }) }
      heard.set(unit, { at: now(), words })
      return words
    },
  }
}
