/** What a minor release asks people to do beside installing it. */
export interface ReleaseNote {
  /** `17.12`. */
  readonly version: string
  readonly action: ReleaseAction
  /** One sentence. */
  readonly what: string
  /** It concerns only databases that have this extension. */
  readonly extension?: string
  /** It concerns only servers with a logical slot of another output plugin than these. */
  readonly otherPluginsThan?: readonly string[]
  /** Where it was read. */
  readonly source: string
}

/** `review`: whether something has to be done depends on what only its owner knows. */
export const RELEASE_ACTIONS = ['reindex', 'repair', 'configure', 'backup', 'update-extension', 'review'] as const
export type ReleaseAction = (typeof RELEASE_ACTIONS)[number]

type Told = Omit<ReleaseNote, 'version' | 'source'>

const DETACHED_PARTITIONS: Told = {
  action: 'repair',
  what: 'partitions that were detached from a table with a foreign key to another partitioned table may have left a wrong catalog: the fifth entry of the release notes has the query that finds them',
}
const SELF_REFERENCES: Told = {
  action: 'repair',
  what: 'foreign keys of a partitioned table to itself may not be enforced: make them anew (second entry of the release notes)',
}
const BRIN_BLOOM: Told = { action: 'reindex', what: 'BRIN indexes with bloom operator classes may have to be rebuilt' }
const BRIN_NUMERIC: Told = { action: 'reindex', what: 'BRIN indexes with numeric_minmax_multi_ops are to be rebuilt' }
const AUGUST_2026: readonly Told[] = [
  {
    action: 'configure',
    what: 'logical decoding only loads output plugins that output_plugin_libraries names: without it slots of others stop working (CVE-2026-6471)',
    otherPluginsThan: ['pgoutput', 'test_decoding'],
  },
  {
    action: 'review',
    what: 'messages that pgcrypto encrypted with a cipher which OpenSSL refused are no longer decrypted without the option ignore-cipher-failure',
    extension: 'pgcrypto',
  },
  {
    action: 'reindex',
    what: 'btree_gist indexes over float columns that may hold NaN are to be rebuilt',
    extension: 'btree_gist',
  },
  {
    action: 'reindex',
    what: 'btree indexes over ltree values with more than about 14,653 labels are to be rebuilt',
    extension: 'ltree',
  },
]
const NOVEMBER_2026: readonly Told[] = [
  {
    action: 'reindex',
    what: 'btree indexes over columns of type bpchar without a length are to be rebuilt; CHAR(n) is not concerned',
  },
  {
    action: 'reindex',
    what: 'GIN indexes may point at wrong rows, or miss rows, after vacuum: those that are suspected are to be rebuilt',
  },
  {
    action: 'reindex',
    what: 'indexes of TOAST tables that say "missing chunk number" are to be rebuilt: the data are there',
  },
  { action: 'reindex', what: 'GiST indexes with gist_trgm_ops are to be rebuilt', extension: 'pg_trgm' },
]

/**
 * Known when this version of Drover was made: what the section "Migration to Version" of each release's notes asks for, and the entries
 * that it points at.
 */
export const RELEASE_NOTES: readonly ReleaseNote[] = [
  ...of('17.12', [
    ...NOVEMBER_2026,
    {
      action: 'backup',
      what: 'incremental backups that were made before are not to be trusted: a new full backup comes first',
    },
  ]),
  ...of('17.11', AUGUST_2026),
  ...of('17.6', [BRIN_NUMERIC]),
  ...of('17.5', [SELF_REFERENCES, BRIN_BLOOM]),
  ...of('17.1', [
    DETACHED_PARTITIONS,
    {
      action: 'reindex',
      what: 'in databases whose LC_CTYPE is C and whose LC_COLLATE is not, indexes over text are to be rebuilt',
    },
  ]),
  ...of('15.20', NOVEMBER_2026),
  ...of('15.19', AUGUST_2026),
  ...of('15.14', [BRIN_NUMERIC]),
  ...of('15.13', [SELF_REFERENCES, BRIN_BLOOM]),
  ...of('15.9', [DETACHED_PARTITIONS]),
  ...of('15.7', [
    {
      action: 'repair',
      what: 'pg_stats_ext and pg_stats_ext_exprs show what users should not see until the steps of the first entry of the release notes are taken in every database',
    },
  ]),
  ...of('15.6', [
    {
      action: 'reindex',
      what: 'GIN indexes may have become corrupt by updates at the same time: those that are suspected are to be rebuilt',
    },
  ]),
  ...of('15.5', [
    { action: 'reindex', what: 'GiST indexes may give wrong answers: it may be advisable to rebuild all' },
    { action: 'reindex', what: 'btree indexes over columns of type interval are to be rebuilt' },
    {
      action: 'reindex',
      what: 'BRIN minmax_multi indexes over dates and large or infinite timestamps are slow until they are rebuilt',
    },
  ]),
  ...of('15.4', [{ action: 'reindex', what: 'BRIN indexes that are used to look for NULL may have to be rebuilt' }]),
]

/** The minor versions whose notes were read for the list above, by major version: also those that ask for nothing. */
const READ: ReadonlyMap<number, { readonly from: number; readonly to: number }> = new Map([
  [15, { from: 4, to: 20 }],
  [17, { from: 1, to: 12 }],
])

/** Releases after `from`, up to and with `to`, of which nobody has told Drover what they ask for. The oldest first. Pure. */
export function unreadBetween(
  { from, to }: { readonly from: string; readonly to: string },
  fed: readonly ReleaseNote[],
): readonly string[] {
  const [fromMajor, fromMinor] = numbersOf(from)
  const [toMajor, toMinor] = numbersOf(to)
  if (fromMajor !== toMajor) return []
  const read = READ.get(toMajor)
  return Array.from({ length: Math.max(0, toMinor - fromMinor) }, (_, index) => fromMinor + 1 + index)
    .filter(minor => read === undefined || minor < read.from || minor > read.to)
    .map(minor => `${toMajor}.${minor}`)
    .filter(version => !fed.some(note => note.version === version))
}

/** What releases after `from`, up to and with `to`, ask for; of the same major version. The oldest first. Pure. */
export function notesBetween(
  { from, to }: { readonly from: string; readonly to: string },
  fed: readonly ReleaseNote[],
): readonly ReleaseNote[] {
  const [fromMajor, fromMinor] = numbersOf(from)
  const [toMajor, toMinor] = numbersOf(to)
  if (fromMajor !== toMajor) return []
  return [...RELEASE_NOTES, ...fed]
    .filter(({ version }) => {
      const [major, minor] = numbersOf(version)
      return major === toMajor && minor > fromMinor && minor <= toMinor
    })
    .toSorted((left, right) => numbersOf(left.version)[1] - numbersOf(right.version)[1])
}

function of(version: string, told: readonly Told[]): readonly ReleaseNote[] {
  return told.map(each => ({ version, ...each, source: releasePage(version) }))
}

/** Where the notes of a release are to be read. */
export function releasePage(version: string): string {
  return `https://www.postgresql.org/docs/release/${version}/`
}

function numbersOf(version: string): readonly [number, number] {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return [major, minor]
}
