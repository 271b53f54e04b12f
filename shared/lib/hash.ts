import { createHash } from 'node:crypto'

export function sha256(bytes: Uint8Array | string): Buffer {
  return createHash('sha256').update(bytes).digest()
}

export function sha256Hex(bytes: Uint8Array | string): string {
  return sha256(bytes).toString('hex')
}

/** SHA-256 over the canonical JSON: equal documents give equal hashes, whatever the order of their keys. */
export function contentHash(value: unknown): string {
  return sha256Hex(canonicalJson(value))
}

/**
 * JSON with sorted keys and no white space. Properties whose value is undefined are left out, as JSON does.
 * Throws TypeError on what JSON cannot carry exactly: NaN, infinities, functions, bigints, undefined in an array.
 */
export function canonicalJson(value: unknown): string {
  if (value !== null && typeof value === 'object') {
    if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson(value.toJSON())
    return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Record<string, unknown>)
  }
  const isExact = value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
  if (!isExact) throw new TypeError(`canonical JSON cannot carry a ${typeof value}`)
  return JSON.stringify(value)
}

function canonicalArray(items: readonly unknown[]): string {
  return `[${Array.from(items, canonicalJson).join(',')}]`
}

function canonicalObject(object: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(object)
    .filter(key => object[key] !== undefined)
    .sort()
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonicalJson(object[key])}`).join(',')}}`
}
