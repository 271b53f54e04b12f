import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('a locale', () => {
  it('of ICU is named, and only with ICU', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases:
        - { name: a, owner: app, localeProvider: icu }
        - { name: b, owner: app, icuLocale: de }
        - { name: c, owner: app, localeProvider: libc, icuRules: '&a < b' }
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].databases[0].localeProvider missing-icu-locale: `localeProvider: icu` needs an `icuLocale` → Add `icuLocale: en-US`, or `icuLocale: und` for the order that no language prefers.',
      '8 clusters[0].databases[1].icuLocale icu-without-provider: `icuLocale` needs `localeProvider: icu` → Add `localeProvider: icu`, or remove it.',
      '9 clusters[0].databases[2].icuRules icu-without-provider: `icuRules` needs `localeProvider: icu` → Add `localeProvider: icu`, or remove it.',
    ])
  })

  it('of ICU needs a PostgreSQL that has it', () => {
    const file = inCluster(`
      postgresVersion: 14
      users: [{ name: app }]
      databases: [{ name: a, owner: app, localeProvider: icu, icuLocale: de, icuRules: '&a < b' }]
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].databases[0].localeProvider needs-version: `localeProvider: icu` needs PostgreSQL 15 or later; the cluster has 14 → Remove it, or make the cluster with `postgresVersion: 15` or later.',
      '7 clusters[0].databases[0].icuRules needs-version: `icuRules` needs PostgreSQL 16 or later; the cluster has 14 → Remove it, or make the cluster with `postgresVersion: 16` or later.',
    ])
  })

  it('that is built in needs PostgreSQL 17', () => {
    const file = inCluster(`
      postgresVersion: 16
      users: [{ name: app }]
      databases: [{ name: a, owner: app, localeProvider: builtin }]
    `)
    expect(told(file)).toEqual([
      '7 clusters[0].databases[0].localeProvider needs-version: `localeProvider: builtin` needs PostgreSQL 17 or later; the cluster has 16 → Remove it, or make the cluster with `postgresVersion: 17` or later.',
    ])
  })

  it('that is built in is one of few', () => {
    const file = inCluster(`
      postgresVersion: 17
      users: [{ name: app }]
      databases:
        - { name: a, owner: app, localeProvider: builtin, locale: de_DE.UTF-8 }
        - { name: b, owner: app, localeProvider: builtin, locale: PG_UNICODE_FAST }
        - { name: c, owner: app, localeProvider: builtin, locale: C }
    `)
    expect(told(file)).toEqual([
      '8 clusters[0].databases[0].locale not-builtin: PostgreSQL does not bring locale `de_DE.UTF-8` itself → Use `C`, `C.UTF-8`, `C.UTF8`, `PG_UNICODE_FAST`, or another `localeProvider`.',
      '9 clusters[0].databases[1].locale needs-version: locale `PG_UNICODE_FAST` needs PostgreSQL 18 or later; the cluster has 17 → Remove it, or make the cluster with `postgresVersion: 18` or later.',
    ])
  })
})
