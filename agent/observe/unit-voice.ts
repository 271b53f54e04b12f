import { redact } from '../host/redact.ts'
import type { Systemd } from '../host/systemd.ts'

/** What a unit that does not answer has logged last. */
export interface UnitVoice {
  /** One line without secrets, at most 300 characters and 5 s old; empty when there is none. Never throws. */
  lastLine(unit: string, signal: AbortSignal): Promise<string>
}

const REREAD_MS = 5_000
const MAX_LENGTH = 300

export function createUnitVoice(parts: {
  readonly lastLines: Systemd['lastLines']
  readonly now: () => number
}): UnitVoice {
  const heard = new Map<string, { readonly at: number; readonly line: string }>()
  return {
    async lastLine(unit, signal) {
      const known = heard.get(unit)
      if (known !== undefined && parts.now() - known.at < REREAD_MS) return known.line
      const lines = (await parts.lastLines(unit, signal)).split('\n')
      const line = redact(lines.at(-1) ?? '').slice(0, MAX_LENGTH)
      heard.set(unit, { at: parts.now(), line })
      return line
    },
  }
}
