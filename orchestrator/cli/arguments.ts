import { InvalidArgumentError } from '@commander-js/extra-typings'
import { parseObjectReference } from '../../shared/domain/object-reference.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90s`, `30m`, `1h`, `1d` to milliseconds. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  const factor = UNITS[unit ?? '']
  if (amount === undefined || factor === undefined || Number(amount) === 0)
    throw new InvalidArgumentError('a duration like 30m, 1h or 1d')
  return Number(amount) * factor
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 1')
  return Number(text)
}

/** Of an event: a whole number; 0 is before the first. */
export function parseCursor(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number from 0')
  return Number(text)
}

/** Collects repeated `key=value` options. */
export function collectLabel(text: string, labels: Readonly<Record<string, string>>): Record<string, string> {
  const [, key, value] = /^([a-z][a-z0-9._/-]{0,62})=([A-Za-z0-9._-]{1,63})$/.exec(text) ?? []
  if (key === undefined || value === undefined) throw new InvalidArgumentError('a label like zone=a')
  return { ...labels, [key]: value }
}

/** Collects a repeated option. */
export function collectName(name: string, names: readonly string[]): readonly string[] {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw new InvalidArgumentError('a name like pg-main or pg-main-3')
  return [...names, name]
}

/** Collects a repeated option that names an instance, a cluster, or what is in one. */
export function collectLeaver(name: string, names: readonly string[]): readonly string[] {
  if (parseObjectReference(name) !== undefined) return [...names, name]
  if (name.includes(':')) throw new InvalidArgumentError('a name like database:pg-main/app or schema:pg-main/app/sales')
  return collectName(name, names)
}
