import { describe, expect, it } from 'vitest'
import type { DatabaseItem } from '../../../shared/domain/command.ts'
import { createDatabase, inTemplateOrder } from './create-database.ts'
import { refuseFixed } from './fixed-properties.ts'
import type { DatabaseState } from './state.ts'

function database(change: Partial<DatabaseItem> = {}): DatabaseItem {
  return {
    name: 'app',
    owner: 'app',
    encoding: 'UTF8',
    locale: 'C.UTF-8',
    isTemplate: false,
    allowConnections: true,
    revokePublicConnect: false,
    schemas: [],
    extensions: [],
    parameters: {},
    ...change,
  }
}

describe('a new database', () => {
  it.each([
    [14, {}, `LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`],
    [15, {}, `LOCALE_PROVIDER libc LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`],
    [17, {}, `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`],
    [17, { locale: 'C' }, `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C' LC_COLLATE 'C' LC_CTYPE 'C'`],
    [17, { locale: 'de_DE.UTF-8' }, `LOCALE_PROVIDER libc LC_COLLATE 'de_DE.UTF-8' LC_CTYPE 'de_DE.UTF-8'`],
    [17, { ctype: 'de_DE.UTF-8' }, `LOCALE_PROVIDER libc LC_COLLATE 'C.UTF-8' LC_CTYPE 'de_DE.UTF-8'`],
    [17, { localeProvider: 'libc' } as const, `LOCALE_PROVIDER libc LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`],
    [
      18,
      { localeProvider: 'builtin', locale: 'PG_UNICODE_FAST', collate: 'C', ctype: 'C' } as const,
      `LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST' LC_COLLATE 'C' LC_CTYPE 'C'`,
    ],
    [
      16,
      { localeProvider: 'icu', icuLocale: 'de-DE', icuRules: '&a < b' } as const,
      `LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' ICU_RULES '&a < b' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`,
    ],
  ])('sorts on PostgreSQL %i as %o asks', (major, change, words) => {
    expect(createDatabase(database(change), major * 10_000)).toBe(
      `CREATE DATABASE "app" OWNER "app" TEMPLATE "template0" ENCODING 'UTF8' ${words} CONNECTION LIMIT -1;`,
    )
  })

  it('says everything that can be said only then', () => {
    const rich = database({
      template: 'pattern',
      strategy: 'file_copy',
      tablespace: 'fast',
      isTemplate: true,
      connectionLimit: 5,
    })
    expect(createDatabase(rich, 150_000)).toMatch(
      /TEMPLATE "pattern" STRATEGY 'file_copy' ENCODING .* TABLESPACE "fast" IS_TEMPLATE true CONNECTION LIMIT 5;$/,
    )
    expect(createDatabase(rich, 140_000)).not.toContain('STRATEGY')
  })

  it.each([
    [14, { localeProvider: 'icu' } as const, 'the locale provider icu, which PostgreSQL has from version 15 on'],
    [15, { localeProvider: 'icu', icuRules: '&a<b' } as const, 'ICU rules, which PostgreSQL has from version 16 on'],
    [
      16,
      { localeProvider: 'builtin' } as const,
      'the locale provider builtin, which PostgreSQL has from version 17 on',
    ],
  ])('is refused where PostgreSQL %i cannot do it', (major, change, message) => {
    expect(() => createDatabase(database(change), major * 10_000)).toThrow(`database app asks for ${message}`)
  })

  it('comes after the one that it is copied from; copies in a circle are refused', () => {
    const names = (...pairs: readonly (readonly [string, string?])[]) =>
      inTemplateOrder(
        pairs.map(([name, template]) => database(template === undefined ? { name } : { name, template })),
      ).map(({ name }) => name)
    expect(names(['c', 'b'], ['a', 'elsewhere'], ['b', 'a'], ['d'])).toEqual(['a', 'd', 'b', 'c'])
    expect(() => names(['a', 'b'], ['b', 'a'])).toThrow('databases a, b are templates of each other')
  })
})

describe('a database that exists', () => {
  const NOW: DatabaseState = {
    name: 'app',
    owner: 'app',
    encoding: 'UTF8',
    collate: 'C.UTF-8',
    ctype: 'C.UTF-8',
    localeProvider: 'libc',
    providerLocale: null,
    icuRules: null,
    tablespace: 'pg_default',
    isTemplate: false,
    allowConnections: true,
    publicMayConnect: true,
    connectionLimit: -1,
    settings: [],
    comment: null,
  }

  it('may have a code-point locale of another provider, unless the spec names the provider', () => {
    expect(() => refuseFixed(database(), NOW, 170_000)).not.toThrow()
    expect(() => refuseFixed(database({ localeProvider: 'builtin' }), NOW, 170_000)).toThrow(
      'database app has locale provider libc, the spec asks for builtin',
    )
  })

  it('is the same however its locale is spelt', () => {
    expect(() => refuseFixed(database({ locale: 'c.utf8' }), NOW, 150_000)).not.toThrow()
    const german = { ...NOW, localeProvider: 'icu', providerLocale: 'de-DE' } as const
    const wanted = database({ localeProvider: 'icu', icuLocale: 'de_DE' })
    expect(() => refuseFixed(wanted, german, 170_000)).not.toThrow()
    expect(() => refuseFixed({ ...wanted, icuLocale: 'fr' }, german, 170_000)).toThrow('has ICU locale de-DE')
  })

  it('is refused with everything that differs, and how to have peace', () => {
    const wanted = database({ encoding: 'LATIN1', locale: 'de_DE', tablespace: 'fast' })
    expect(() => refuseFixed(wanted, NOW, 170_000)).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: expect.stringMatching(/encoding UTF8.*LATIN1; has locale C.UTF-8.*de_DE; has tablespace pg_default/),
        hint: expect.stringContaining('the locale of database app to C.UTF-8'),
      }),
    )
  })
})
