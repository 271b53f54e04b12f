import { findExtension } from '../../../plan/extensions.ts'
import { entriesOf, type Setting, wordsOf } from '../values.ts'
import { addPackages } from './add-packages.ts'
import { type ClusterContext, clusterSetting } from './cluster-context.ts'

/** What one word of a package list comes to. */
type Resolved =
  | { readonly kind: 'packages'; readonly names: readonly string[] }
  | { readonly kind: 'own' }
  | { readonly kind: 'unknown'; readonly reason: string }

/** `pg_packages` and `pg_extensions`: Pigsty's aliases as names of Debian packages. */
export function importPackages(context: ClusterContext): void {
  for (const parameter of ['pg_packages', 'pg_extensions']) {
    const setting = clusterSetting(context, parameter)
    if (setting !== undefined) importList(context, entriesOf(setting))
  }
}

function importList(context: ClusterContext, entries: readonly Setting[]): void {
  const { ledger, draft, major } = context
  for (const { path, value } of entries) {
    const aliases = wordsOf(value).map((word): Alias => ({ word, resolved: resolveAlias(word, major) }))
    const names = aliases.flatMap(({ resolved }) => (resolved.kind === 'packages' ? resolved.names : []))
    addPackages(context, names)
    const unknown = aliases.flatMap(({ word, resolved }) =>
      resolved.kind === 'unknown' ? [{ word, ...resolved }] : [],
    )
    for (const [reason, words] of Map.groupBy(unknown, each => each.reason)) {
      ledger.lost(path, {
        reason: reason,
        instead: 'what databases declare is installed',
        names: words.map(({ word }) => word),
      })
    }
    if (unknown.length > 0) continue
    if (names.length > 0) ledger.kept({ path, to: 'clusters[].packages', into: draft })
    else ledger.kept({ path, to: 'clusters[].packages', note: "part of PostgreSQL's packages, or Drover's own" })
  }
}

interface Alias {
  readonly word: string
  readonly resolved: Resolved
}

const CATEGORIES = /^(?:pg\d\d|pgsql)-(time|gis|rag|fts|olap|feat|lang|type|util|func|admin|stat|sec|fdw|sim|etl)$/
const KERNELS = /^(?:polardb|babelfish|ivorysql|openhalo|oriole|percona|pgtde|agens|pgedge|cloudberry)/

/** Aliases whose name is not that of the extension. */
const ALIASES: Readonly<Record<string, string>> = {
  pgvector: 'vector',
  pg_http: 'http',
  pg_prefix: 'prefix',
  pg_semver: 'semver',
  pg_roaringbitmap: 'roaringbitmap',
  pg_h3: 'h3',
  pg_rational: 'pg_rational',
  table_log: 'table_log',
}

/** Debian packages without an extension to create. */
const PLAIN: Readonly<Record<string, string>> = {
  wal2json: 'wal2json',
  decoderbufs: 'decoderbufs',
  pg_failover_slots: 'pg-failover-slots',
  pgextwlist: 'pgextwlist',
}

function resolveAlias(word: string, major: number): Resolved {
  if (/^pgsql-common$/.test(word)) return { kind: 'own' }
  if (/^(?:pgsql|pg\d\d)-(?:main|core|mini|full|basic)$/.test(word))
    return { kind: 'packages', names: mainPackages(major) }
  if (/^(?:pgsql|pg\d\d)-(?:server|client)$/.test(word)) return { kind: 'own' }
  if (CATEGORIES.test(word)) return { kind: 'unknown', reason: "a category of Pigsty's own repository" }
  if (KERNELS.test(word)) return { kind: 'unknown', reason: 'Drover runs PostgreSQL itself, no derived kernel' }
  if (word.startsWith('postgresql-')) {
    return { kind: 'packages', names: [word.replaceAll(/\$v|\$\{pg_version\}/g, String(major))] }
  }
  if (Object.hasOwn(PLAIN, word)) return { kind: 'packages', names: [`postgresql-${major}-${PLAIN[word]}`] }
  const extension = findExtension(ALIASES[word] ?? word, major)
  if (extension === undefined) return { kind: 'unknown', reason: `no Debian package for PostgreSQL ${major} is known` }
  const name = extension.packageName?.(major)
  return name === undefined ? { kind: 'own' } : { kind: 'packages', names: [name] }
}

/** What Pigsty's bundle has beyond the server and what databases declare: the procedural languages, wal2json and pg_repack. */
function mainPackages(major: number): readonly string[] {
  return [
    ...['plperl', 'plpython3', 'pltcl'].map(language => `postgresql-${language}-${major}`),
    ...['wal2json', 'repack'].map(name => `postgresql-${major}-${name}`),
  ]
}
