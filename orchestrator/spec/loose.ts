import type { Path } from './source.ts'

/** A map of the file before the schema has accepted it, with its path: any key may hold anything or be missing. */
export interface Loose {
  readonly path: Path
  readonly values: Readonly<Record<string, unknown>>
}

export function looseRoot(data: unknown): Loose {
  return { path: [], values: isRecord(data) ? data : {} }
}

/** The maps in the list under a key; anything else is left to the schema's complaints. Bare names count as `{ name }`. */
export function looseList(parent: Loose, key: string): readonly Loose[] {
  const list = parent.values[key]
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown, index): readonly Loose[] => {
    const path = [...parent.path, key, index]
    if (typeof item === 'string') return [{ path, values: { name: item } }]
    return isRecord(item) ? [{ path, values: item }] : []
  })
}

export function looseMap(parent: Loose, key: string): Loose {
  const value = parent.values[key]
  return { path: [...parent.path, key], values: isRecord(value) ? value : {} }
}

export function looseText(parent: Loose, key: string): string | undefined {
  const value = parent.values[key]
  return typeof value === 'string' ? value : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
