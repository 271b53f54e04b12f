import { textOf } from '../values.ts'

const UNITS: Readonly<Record<string, string>> = { '': 'ms', us: 'us', ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd' }

/** `recovery_min_apply_delay` as Drover writes durations; a bare number is milliseconds there. Undefined for none, or for no delay. */
export function delayText(value: unknown): string | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(textOf(value) ?? '') ?? []
  const known = UNITS[unit ?? '']
  return amount === undefined || known === undefined || Number(amount) === 0 ? undefined : `${amount}${known}`
}
