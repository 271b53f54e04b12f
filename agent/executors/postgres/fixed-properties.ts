import type { DatabaseItem } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { localeOf, sameLocale } from './locale.ts'
import type { DatabaseState } from './state.ts'

/**
 * Refuses what PostgreSQL settles when it creates a database and what would need the data to be written anew. What the
 * spec leaves to a default is compared by its effect: a code-point locale of the C library is as good as PostgreSQL's own.
 * Errors: `conflict`.
 */
export function refuseFixed(wanted: DatabaseItem, now: DatabaseState, version: number): void {
  const differences = [
    ...differs('encoding', wanted.encoding, now.encoding),
    ...localeDifferences(wanted, now, version),
    ...(wanted.tablespace === undefined || wanted.tablespace === now.tablespace
      ? []
      : [{ what: 'tablespace', want: wanted.tablespace, have: now.tablespace }]),
  ]
  if (differences.length === 0) return
  const asks = differences.map(({ what, want, have }) => `has ${what} ${have}, the spec asks for ${want}`)
  const back = differences.map(({ what, have }) => `the ${what} of database ${wanted.name} to ${have}`)
  throw new DroverError(
    'conflict',
    `database ${wanted.name} ${asks.join('; ')}; PostgreSQL cannot change that in a database that exists`,
    { hint: `Set ${back.join(' and ')} in the spec, or create a database of another name.` },
  )
}

interface Difference {
  readonly what: string
  readonly want: string
  readonly have: string
}

function localeDifferences(wanted: DatabaseItem, now: DatabaseState, version: number): readonly Difference[] {
  const locale = localeOf(wanted, version)
  if (locale === undefined) return []
  const collate = differs(wanted.collate === undefined ? 'locale' : 'collate', locale.collate, now.collate)
  const ctype = differs('ctype', locale.ctype, now.ctype)
  return [
    ...(wanted.localeProvider === undefined ? [] : differs('locale provider', locale.provider, now.localeProvider)),
    ...collate,
    ...(collate.length > 0 && wanted.ctype === undefined ? [] : ctype),
    ...differs('ICU locale', icuLocale(wanted), now.providerLocale ?? 'none'),
    ...(wanted.icuRules === undefined || wanted.icuRules === now.icuRules
      ? []
      : [{ what: 'ICU rules', want: wanted.icuRules, have: now.icuRules ?? 'none' }]),
  ]
}

/** ICU rewrites old spellings (`de@collation=phonebook` to `de-u-co-phonebk`): those cannot be compared. */
function icuLocale({ icuLocale }: DatabaseItem): string | undefined {
  return icuLocale?.includes('@') === true ? undefined : icuLocale
}

function differs(what: string, want: string | undefined, have: string): readonly Difference[] {
  return want === undefined || sameLocale(want, have) ? [] : [{ what, want, have }]
}
