import type { Path } from '../source.ts'

export type Table = Readonly<Record<string, unknown>>

/** A value of the inventory, or of Pigsty's own defaults, and where it stands. */
export interface Setting {
  readonly path: Path
  readonly value: unknown
}

/** Pigsty's own defaults stand nowhere in the inventory. */
export const DEFAULT_ROOT = '(default)'

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A scalar as Pigsty's templates would print it; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

export function integerOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}

export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string') return undefined
  if (/^(true|yes|on|1)$/i.test(value)) return true
  return /^(false|no|off|0)$/i.test(value) ? false : undefined
}

/** Entries of a list, each with its place; one value counts as a list of one. */
export function entriesOf({ path, value }: Setting): readonly Setting[] {
  if (value === null || value === undefined || value === '') return []
  return Array.isArray(value)
    ? value.map((item: unknown, index) => ({ path: [...path, index], value: item }))
    : [{ path, value }]
}

/** `pgvector vchord,postgis` is three names, as Pigsty reads package and library lists. */
export function wordsOf(value: unknown): readonly string[] {
  return (textOf(value) ?? '').split(/[\s,]+/).filter(word => word !== '')
}

/** Every scalar and every empty list or map below a value, with its place. */
export function leavesOf({ path, value }: Setting): readonly Setting[] {
  const entries = Array.isArray(value)
    ? value.map((item: unknown, index): Setting => ({ path: [...path, index], value: item }))
    : isTable(value)
      ? Object.entries(value).map(([key, item]): Setting => ({ path: [...path, key], value: item }))
      : []
  return entries.length === 0 ? [{ path, value }] : entries.flatMap(leavesOf)
}
