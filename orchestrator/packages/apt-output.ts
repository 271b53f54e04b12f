/** One line of `apt-get --print-uris`. */
export interface PrintedUri {
  readonly uri: string
  /** As apt names it in its archive folder: `name_version_arch.deb` with `%3a` for the epoch's colon. */
  readonly archiveName: string
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly sizeBytes: number
  readonly sha256: string
}

export function parsePrintedUris(text: string): readonly PrintedUri[] {
  return text.split('\n').flatMap(line => {
    const match = /^'([^']+)' (\S+) (\d+) SHA256:([0-9a-f]{64})$/.exec(line.trim())
    if (match === null) return []
    const [, uri = '', archiveName = '', size = '', sha256 = ''] = match
    const parts = /^([^_]+)_([^_]+)_([^_]+)\.deb$/.exec(archiveName)
    if (parts === null) return []
    const [, name = '', version = '', architecture = ''] = parts
    return [
      {
        uri,
        archiveName,
        name: decodeURIComponent(name),
        version: decodeURIComponent(version),
        architecture,
        sizeBytes: Number(size),
        sha256,
      },
    ]
  })
}

/** `apt-cache madison`: name → versions, best first, each once. */
export function parseMadison(text: string): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [name, version, origin] = line.split('|').map(column => column.trim())
    if (name === undefined || version === undefined || origin === undefined || origin.endsWith(' Sources')) continue
    const known = versions.get(name) ?? []
    if (!known.includes(version)) known.push(version)
    versions.set(name, known)
  }
  return versions
}

/** A line of apt's status descriptor while it downloads: percent done, or undefined for other lines. */
export function parseDownloadPercent(line: string): number | undefined {
  const match = /^dlstatus:\d+:([\d.]+):/.exec(line)
  return match === null ? undefined : Number(match[1])
}

/** What apt said went wrong, without names and addresses of mirrors (they may hold credentials, and are nobody's business in a log). */
export function aptComplaint(stderr: string): string {
  const lines = stderr.split('\n').filter(line => /^(E|Err|W):/.test(line))
  const errors = lines.filter(line => !line.startsWith('W:'))
  const text = (errors.length > 0 ? errors : lines).map(line => line.replace(/^\w+:\s*/, '').trim()).join('; ')
  return hideHosts(text === '' ? stderr.trim() : text)
}

export function hideHosts(text: string): string {
  return text
    .replaceAll(/\b([a-z][a-z0-9+-]*):\/\/[^\s/'"]+/g, '$1://(mirror)')
    .replaceAll(/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, '(address)')
    .replaceAll(/\[[0-9a-f]*:[0-9a-f:.]+\](?::\d+)?/gi, '(address)')
    .replaceAll(
      /(resolving|resolve|connect to|connecting to|connection to|reach|host) '?[\w.-]+\.[\w-]+(?::\d+)?'?/gi,
      '$1 (mirror)',
    )
}
