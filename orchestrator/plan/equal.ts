/** Deep equality of JSON-like data; a key that is undefined equals a key that is absent. */
export function equal(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
    return left.every((item, index) => equal(item, right[index]))
  }
  const leftKeys = definedKeys(left)
  if (leftKeys.length !== definedKeys(right).length) return false
  const other = right as Readonly<Record<string, unknown>>
  return leftKeys.every(key => equal((left as Readonly<Record<string, unknown>>)[key], other[key]))
}

function definedKeys(value: object): readonly string[] {
  const items = value as Readonly<Record<string, unknown>>
  return Object.keys(items).filter(key => items[key] !== undefined)
}
