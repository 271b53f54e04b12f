import type { Path } from './source.ts'

/** A map of the file before the schema has accepted it, with its path: any key may hold anything or be missing. */
export interface Loose {
  readonly path: Path
  readonly values: Readonly<Record<string, unknown>>
}

/** A text of a list, with its path. */
export interface LooseText {
  readonly path: Path
  readonly text: string
}

export function looseRoot(data: unknown): Loose {
  return { path: [], values: isRecord(data) ? data : {} }
}

/** The maps in the list under a key; anything else is left to the schema's complaints. Bare names count as `{ name }`. */
export function looseList(parent: Loose, key: string): readonly Loose[] {
  return entries(parent, key).flatMap(({ path, value }): readonly Loose[] => {
    if (typeof value === 'string') return [{ path, values: { name: value } }]
    return isRecord(value) ? [{ path, values: value }] : []
  })
}

/** The texts in the list under a key. */
export function looseTexts(parent: Loose, key: string): readonly LooseText[] {
  return entries(parent, key).flatMap(({ path, value }) => (typeof value === 'string' ? [{ path, text: value }] : []))
}

export function looseMap(parent: Loose, key: string): Loose {
  const value = parent.values[key]
  return { path: [...parent.path, key], values: isRecord(value) ? value : {} }
}

export function looseText(parent: Loose, key: string): string | undefined {
  const value = parent.values[key]
  return typeof value === 'string' ? value : undefined
}

export function looseNumber(parent: Loose, key: string): number | undefined {
  const value = parent.values[key]
  return typeof value === 'number' ? value : undefined
}

/** True when the file gives the key, whatever its value. */
export function gives(parent: Loose, key: string): boolean {
  return Object.hasOwn(parent.values, key)
}

/** True when the list or map under the key has anything in it. */
export function givesSome(parent: Loose, key: string): boolean {
  const value = parent.values[key]
  return Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0
}

export function names(items: readonly Loose[]): readonly string[] {
  return items.flatMap(item => looseText(item, 'name') ?? [])
}

function entries(parent: Loose, key: string): readonly { readonly path: Path; readonly value: unknown }[] {
  const list = parent.values[key]
  if (!Array.isArray(list)) return []
  return list.map((value: unknown, index) => ({ path: [...parent.path, key, index], value }))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
