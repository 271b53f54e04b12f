import type { Entry } from '../store/store.ts'

/** Documents of the store are JSON in UTF-8. Optional properties that are undefined are left out. */
export function encodeJson(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value), 'utf8')
}

/**
 * The caller names the type: only this process writes these keys, so the shape is an invariant, not an input. Several may have the same
 * object: nobody changes it.
 */
export function decodeJson<T>({ value, memory }: Pick<Entry, 'value' | 'memory'>): T {
  if (memory === undefined) return parse<T>(value)
  memory.json ??= parse(value)
  return memory.json as T
}

function parse<T>(value: Uint8Array): T {
  return JSON.parse(Buffer.from(value).toString('utf8')) as T
}

/** A whole number as a key part that sorts like the number. */
export function orderedNumber(value: number): string {
  return String(value).padStart(16, '0')
}
