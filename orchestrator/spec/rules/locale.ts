import { gives, type Loose, looseText } from '../loose.ts'
import type { Report } from '../report.ts'
import { needsVersion } from './versions.ts'

/** Locales that PostgreSQL brings itself, since 17; `PG_UNICODE_FAST` since 18. */
const BUILTIN_LOCALES: readonly string[] = ['C', 'C.UTF-8', 'C.UTF8', 'PG_UNICODE_FAST']
const DEFAULT_LOCALE = 'C.UTF-8'

interface LocaleRule {
  readonly database: Loose
  readonly cluster: Loose
  readonly report: Report
}

/** The keys of a locale provider go with that provider, and with a PostgreSQL that has it. */
export function checkLocale(rule: LocaleRule): void {
  const provider = looseText(rule.database, 'localeProvider')
  if (provider === 'icu') checkIcu(rule)
  else checkNoIcu(rule)
  if (provider === 'builtin') checkBuiltin(rule)
}

function checkIcu({ database, cluster, report }: LocaleRule): void {
  const path = [...database.path, 'localeProvider']
  needsVersion({ cluster, since: 15, what: '`localeProvider: icu`', path, report })
  if (gives(database, 'icuRules')) {
    needsVersion({ cluster, since: 16, what: '`icuRules`', path: [...database.path, 'icuRules'], report })
  }
  if (gives(database, 'icuLocale')) return
  report({
    code: 'missing-icu-locale',
    message: '`localeProvider: icu` needs an `icuLocale`',
    path,
    hint: 'Add `icuLocale: en-US`, or `icuLocale: und` for the order that no language prefers.',
  })
}

function checkNoIcu({ database, report }: LocaleRule): void {
  for (const key of ['icuLocale', 'icuRules']) {
    if (!gives(database, key)) continue
    report({
      code: 'icu-without-provider',
      message: `\`${key}\` needs \`localeProvider: icu\``,
      path: [...database.path, key],
      hint: 'Add `localeProvider: icu`, or remove it.',
    })
  }
}

function checkBuiltin({ database, cluster, report }: LocaleRule): void {
  needsVersion({
    cluster,
    since: 17,
    what: '`localeProvider: builtin`',
    path: [...database.path, 'localeProvider'],
    report,
  })
  const locale = looseText(database, 'locale') ?? DEFAULT_LOCALE
  if (!BUILTIN_LOCALES.includes(locale)) {
    report({
      code: 'not-builtin',
      message: `PostgreSQL does not bring locale \`${locale}\` itself`,
      path: [...database.path, 'locale'],
      hint: `Use ${BUILTIN_LOCALES.map(each => `\`${each}\``).join(', ')}, or another \`localeProvider\`.`,
    })
  } else if (locale === 'PG_UNICODE_FAST') {
    needsVersion({ cluster, since: 18, what: `locale \`${locale}\``, path: [...database.path, 'locale'], report })
  }
}
