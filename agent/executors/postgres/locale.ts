import type { DatabaseItem } from '../../../shared/domain/command.ts'
import { assertNever, DroverError } from '../../../shared/domain/errors.ts'

/** How a database sorts and classifies text, all of it resolved. */
export interface Locale {
  readonly provider: 'libc' | 'icu' | 'builtin'
  readonly collate: string
  readonly ctype: string
  /** Of the providers `icu` and `builtin`. */
  readonly providerLocale?: string
  readonly icuRules?: string
}

/**
 * What the database is to have on a server of that version (`server_version_num`); undefined when the item says nothing.
 * PostgreSQL 17 has code-point locales of its own, which no upgrade of the C library can change: they are taken unless the
 * item asks for something else. Errors: `invalid` for what the version cannot do.
 */
export function localeOf(item: DatabaseItem, version: number): Locale | undefined {
  if (item.locale === undefined) return undefined
  const { locale, collate = locale, ctype = locale } = item
  const provider =
    item.localeProvider ?? (version >= 170_000 && [locale, collate, ctype].every(isCodePoint) ? 'builtin' : 'libc')
  refuseUnable(item, provider, version)
  switch (provider) {
    case 'libc':
      return { provider, collate, ctype }
    case 'icu':
      return {
        provider,
        collate,
        ctype,
        providerLocale: item.icuLocale ?? locale,
        ...(item.icuRules === undefined ? {} : { icuRules: item.icuRules }),
      }
    case 'builtin': {
      const own = builtinName(locale)
      return { provider, collate: item.collate ?? own, ctype: item.ctype ?? own, providerLocale: own }
    }
    default:
      return assertNever(provider)
  }
}

/** Spelling apart: `en_US.utf8` is `en_US.UTF-8`, `en_US` is ICU's `en-US`. */
export function sameLocale(left: string, right: string): boolean {
  return normal(left) === normal(right)
}

function isCodePoint(locale: string): boolean {
  return sameLocale(locale, 'C') || sameLocale(locale, 'C.UTF-8')
}

function builtinName(locale: string): string {
  if (sameLocale(locale, 'C')) return 'C'
  return sameLocale(locale, 'C.UTF-8') ? 'C.UTF-8' : locale
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

function refuseUnable(item: DatabaseItem, provider: Locale['provider'], version: number): void {
  const needs = [
    { what: 'the locale provider icu', since: 15, asked: provider === 'icu' },
    { what: 'ICU rules', since: 16, asked: item.icuRules !== undefined },
    { what: 'the locale provider builtin', since: 17, asked: provider === 'builtin' },
  ]
  const missing = needs.find(({ since, asked }) => asked && version < since * 10_000)
  if (missing === undefined) return
  throw new DroverError(
    'invalid',
    `database ${item.name} asks for ${missing.what}, which PostgreSQL has from version ${missing.since} on`,
  )
}
