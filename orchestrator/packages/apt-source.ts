import { parseDeb822, renderDeb822 } from './deb822.ts'

/** One apt source of binary packages. URIs may hold credentials: never log them (S8). */
export interface AptSource {
  readonly uris: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
  /** Path of a keyring, or an ASCII-armoured key. */
  readonly signedBy: string
  /** Further deb822 fields, e.g. `Check-Valid-Until: no`. */
  readonly options?: Readonly<Record<string, string>>
}

/** Where an OS's packages come from; `extra` sources (PostgreSQL's own repository, say) are simply further entries. */
export interface PackageSources {
  /** `debian13` → its sources. */
  readonly byOs: Readonly<Record<string, readonly AptSource[]>>
  /** Further lines for apt.conf, e.g. the machine's proxy. */
  readonly aptOptions?: readonly string[]
}

export function renderSources(sources: readonly AptSource[]): string {
  return sources.map(source => renderDeb822(fieldsOf(source))).join('\n')
}

function fieldsOf(source: AptSource): readonly (readonly [string, string])[] {
  return [
    ['Types', 'deb'],
    ['URIs', source.uris.join(' ')],
    ['Suites', source.suites.join(' ')],
    ...(source.components.length === 0 ? [] : [['Components', source.components.join(' ')] as const]),
    ['Signed-By', armoured(source.signedBy)],
    ...Object.entries(source.options ?? {}),
  ]
}

/** An inline key starts on its own line, and its blank lines are written as a dot. */
function armoured(signedBy: string): string {
  if (!signedBy.includes('BEGIN PGP')) return signedBy
  return `\n${signedBy.trim().replaceAll(/^$/gm, '.')}`
}

/** A parsed entry: like a source, but the machine's entry may leave the key to apt's trusted folder. */
export type ParsedSource = Omit<AptSource, 'signedBy'> & { readonly signedBy?: string }

/** Parses a `.sources` file. Disabled entries and source-code entries are left out. */
export function parseSourcesFile(text: string): readonly ParsedSource[] {
  return parseDeb822(text).flatMap(paragraph => {
    const words = (field: string) => (paragraph.get(field) ?? '').split(/\s+/).filter(word => word !== '')
    if (!words('types').includes('deb')) return []
    if (/^(no|false|0|off|disable)$/i.test(paragraph.get('enabled') ?? 'yes')) return []
    const signedBy = paragraph.get('signed-by')?.replaceAll(/^\.$/gm, '').trim()
    return [
      {
        uris: words('uris'),
        suites: words('suites'),
        components: words('components'),
        ...withKey(signedBy),
        ...withOptions(name => paragraph.get(name)),
      },
    ]
  })
}

/** Parses a one-line-style `.list` file: `deb [option=value ...] uri suite component...`. */
export function parseListFile(text: string): readonly ParsedSource[] {
  return text.split('\n').flatMap(line => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line)
    if (match === null) return []
    const [, optionText = '', uri = '', suite = '', components = ''] = match
    const options = new Map(optionText.split(/\s+/).map(option => splitOnce(option, '=')))
    return [
      {
        uris: [uri],
        suites: [suite],
        components: components.split(/\s+/).filter(word => word !== ''),
        ...withKey(options.get('signed-by')),
        ...withOptions(name => options.get(name)),
      },
    ]
  })
}

function withKey(signedBy: string | undefined): { readonly signedBy?: string } {
  return signedBy === undefined || signedBy === '' ? {} : { signedBy }
}

/** The few options that change whether a mirror is usable at all; the rest (targets, languages, PDiffs) is ours to decide. */
const KEPT_OPTIONS = ['Check-Valid-Until', 'Check-Date', 'Trusted', 'Allow-Weak'] as const

function withOptions(read: (name: string) => string | undefined): {
  readonly options?: Readonly<Record<string, string>>
} {
  const kept = KEPT_OPTIONS.flatMap(name => {
    const value = read(name.toLowerCase())
    return value === undefined ? [] : [[name, value] as const]
  })
  return kept.length === 0 ? {} : { options: Object.fromEntries(kept) }
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text.toLowerCase(), ''] : [text.slice(0, at).toLowerCase(), text.slice(at + 1)]
}
