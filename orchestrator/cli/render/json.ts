/** One JSON document, as the API's messages name things; proto-loader's own markers (`_lagBytes`) are left out. */
export function toJson(message: unknown): string {
  return `${JSON.stringify(message, withoutMarkers, 2)}\n`
}

/** One line of NDJSON. */
export function toJsonLine(message: unknown): string {
  return `${JSON.stringify(message, withoutMarkers)}\n`
}

function withoutMarkers(key: string, value: unknown): unknown {
  return key.startsWith('_') ? undefined : value
}
