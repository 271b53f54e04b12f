import type { ReleaseNote } from './release-notes.ts'
import { releasePage } from './release-page.ts'

type Told = Omit<ReleaseNote, 'version' | 'source'>

const DETACHED_PARTITIONS: Told = {
  action: 'repair',
  what: 'partitions that were detached from a table with a foreign key to another partitioned table may have left a wrong catalog: the fifth entry of the release notes has the query that finds them',
}
const SELF_REFERENCES: Told = {
  action: 'repair',
  what: 'foreign keys of a partitioned table to itself may not be enforced: make them anew (second entry of the release notes)',
}
const EXTENDED_STATISTICS: Told = {
  action: 'repair',
  what: 'pg_stats_ext and pg_stats_ext_exprs show what users should not see until the steps of the first entry of the release notes are taken in every database',
}
const GIN_UPDATES: Told = {
  action: 'reindex',
  what: 'GIN indexes may have become corrupt by updates at the same time: those that are suspected are to be rebuilt',
}
const NOVEMBER_2023: readonly Told[] = [
  { action: 'reindex', what: 'GiST indexes may give wrong answers: it may be advisable to rebuild all' },
  { action: 'reindex', what: 'btree indexes over columns of type interval are to be rebuilt' },
  {
    action: 'reindex',
    what: 'BRIN minmax_multi indexes over dates and large or infinite timestamps are slow until they are rebuilt',
  },
]
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
export const KNOWN_NOTES: readonly ReleaseNote[] = [
  ...of('18.6', [
    ...AUGUST_2026,
    {
      action: 'repair',
      what: 'tables with GIN indexes may have an absurd number of rows in pg_class.reltuples, so that autovacuum passes them over: the release notes have a query; ANALYZE mends it',
    },
    {
      action: 'reindex',
      what: 'btree_gist indexes over bit columns are slow until they are rebuilt',
      extension: 'btree_gist',
    },
  ]),
  ...of('18.2', [
    {
      action: 'reindex',
      what: 'indexes over ltree columns are to be rebuilt, unless the collation provider is libc and the encoding has one byte a character',
      extension: 'ltree',
    },
  ]),
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
  ...of('16.9', [SELF_REFERENCES, BRIN_BLOOM]),
  ...of('16.5', [DETACHED_PARTITIONS]),
  ...of('16.3', [EXTENDED_STATISTICS]),
  ...of('16.2', [GIN_UPDATES]),
  ...of('16.1', NOVEMBER_2023),
  ...of('15.20', NOVEMBER_2026),
  ...of('15.19', AUGUST_2026),
  ...of('15.14', [BRIN_NUMERIC]),
  ...of('15.13', [SELF_REFERENCES, BRIN_BLOOM]),
  ...of('15.9', [DETACHED_PARTITIONS]),
  ...of('15.7', [EXTENDED_STATISTICS]),
  ...of('15.6', [GIN_UPDATES]),
  ...of('15.5', NOVEMBER_2023),
  ...of('15.4', [{ action: 'reindex', what: 'BRIN indexes that are used to look for NULL may have to be rebuilt' }]),
]

/**
 * The minor releases whose notes were read for the list above, also those that ask for nothing: by major version, from and to. Nobody has
 * read those of 16.10 and from 16.13 on for it; 18.5 was never published.
 */
export const READ_RELEASES: Readonly<Record<number, readonly (readonly [first: number, last: number])[]>> = {
  15: [[4, 20]],
  16: [
    [1, 9],
    [11, 12],
  ],
  17: [[1, 12]],
  18: [[1, 6]],
}

function of(version: string, told: readonly Told[]): readonly ReleaseNote[] {
  return told.map(each => ({ version, ...each, source: releasePage(version) }))
}
