/** What a manifest or a provision step asks for by name, so that plans, diffs and journals of plans hold no secret (S8). */
export interface Credential {
  readonly password: string
  readonly verifier: string
}

const PLACEHOLDER = /\$\{(secret|scram):([a-zA-Z0-9/_.@-]+)\}/g

/** Paths of every placeholder in a document, each once, sorted. */
export function placeholderPaths(document: unknown): string[] {
  const paths = new Set<string>()
  for (const match of JSON.stringify(document ?? null).matchAll(PLACEHOLDER))
    if (match[2] !== undefined) paths.add(match[2])
  return [...paths].sort()
}

/** A copy of the document with every placeholder replaced; `credential` is asked for each path and must know it. */
export function fillPlaceholders<T>(document: T, credential: (path: string) => Credential): T {
  return walk(document, text =>
    text.replaceAll(PLACEHOLDER, (_, kind: string, path: string) => {
      const found = credential(path)
      return kind === 'secret' ? found.password : found.verifier
    }),
  ) as T
}

function walk(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === 'string') return replace(value)
  if (Array.isArray(value)) return value.map(item => walk(item, replace))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, replace)]))
  return value
}
