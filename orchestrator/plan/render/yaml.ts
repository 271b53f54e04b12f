/** What a configuration file may hold; `undefined` leaves a key out. */
export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined }

/** Block-style YAML. Any text that a YAML reader could take for something else is quoted, so what is read back is what was given. */
export function yaml(value: { readonly [key: string]: YamlValue | undefined }): string {
  const lines = mapLines(value)
  return `${lines.length === 0 ? '{}' : lines.join('\n')}\n`
}

function mapLines(map: { readonly [key: string]: YamlValue | undefined }): string[] {
  return Object.entries(map).flatMap(([key, value]) =>
    value === undefined ? [] : entryLines(`${scalar(key)}:`, value),
  )
}

function entryLines(prefix: string, value: YamlValue): string[] {
  if (isScalar(value)) return [`${prefix} ${scalar(value)}`]
  const nested = isList(value) ? value.flatMap(itemLines) : mapLines(value)
  if (nested.length === 0) return [`${prefix} ${isList(value) ? '[]' : '{}'}`]
  return [prefix, ...nested.map(line => `  ${line}`)]
}

function itemLines(value: YamlValue): string[] {
  if (isScalar(value)) return [`- ${scalar(value)}`]
  const nested = isList(value) ? value.flatMap(itemLines) : mapLines(value)
  if (nested.length === 0) return [isList(value) ? '- []' : '- {}']
  return nested.map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`))
}

function isScalar(value: YamlValue): value is string | number | boolean {
  return typeof value !== 'object'
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value)
}

const PLAIN = /^[A-Za-z/_][A-Za-z0-9/_.-]*$/
/** The last is a number to some readers: no digits, no fraction, but an exponent. */
const SPECIAL = /^(true|false|yes|no|on|off|null|y|n|e\d+)$/i

function scalar(value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value)
  return PLAIN.test(value) && !SPECIAL.test(value) ? value : JSON.stringify(value)
}
