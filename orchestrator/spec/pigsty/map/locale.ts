import type { Fields } from '../fields.ts'
import { textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, type Item } from './cluster-context.ts'

type DatabaseDraft = Item<'databases'>

const DATABASE = 'clusters[].databases[]'

const LOCALE_KEYS: Readonly<Record<string, string>> = {
  pg_lc_collate: `${DATABASE}.collate`,
  pg_lc_ctype: `${DATABASE}.ctype`,
  pg_encoding: `${DATABASE}.encoding`,
}

/** PostgreSQL takes collation and character type from the locale; Pigsty's cluster-wide values stand in for what a database leaves out. */
export function databaseLocale(context: ClusterContext, fields: Fields): Partial<DatabaseDraft> {
  const cluster = (parameter: string): string | undefined => {
    const setting = clusterSetting(context, parameter)
    if (setting !== undefined)
      context.ledger.kept({ path: setting.path, to: LOCALE_KEYS[parameter] ?? `${DATABASE}.locale` })
    return textOf(setting?.value)
  }
  const provider = fields.choice('locale_provider', {
    to: 'localeProvider',
    choices: { libc: 'libc', icu: 'icu', builtin: 'builtin' },
  })
  const general = cluster('pg_locale') ?? 'C'
  const builtin = provider === 'builtin' ? fields.text('builtin_locale', 'locale') : undefined
  const named = fields.text('locale', 'locale')
  const locale = builtin ?? named
  const [collate, ctype] = [cluster('pg_lc_collate'), cluster('pg_lc_ctype')]
  const base = locale ?? general
  const other = (value: string | undefined): string | undefined => (value === base ? undefined : value)
  if (provider !== 'builtin')
    fields.lost('builtin_locale', { reason: 'only with `locale_provider: builtin`', instead: 'it is left out' })
  return {
    encoding: (fields.text('encoding', 'encoding') ?? cluster('pg_encoding') ?? 'UTF8').toUpperCase(),
    locale: base,
    collate: other(fields.text('lc_collate', 'collate') ?? (locale === undefined ? collate : undefined)),
    ctype: other(fields.text('lc_ctype', 'ctype') ?? (locale === undefined ? ctype : undefined)),
    localeProvider: provider,
    icuLocale: fields.text('icu_locale', 'icuLocale'),
    icuRules: fields.text('icu_rules', 'icuRules'),
  } as Partial<DatabaseDraft>
}
