import type { DatabaseItem } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { localeOf } from './locale.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'

/**
 * CREATE DATABASE with everything that can be said only then. From `template0` unless another template is named: nobody
 * can be connected to it, and it goes with every encoding and locale.
 */
export function createDatabase(wanted: DatabaseItem, version: number): string {
  const words = [
    `CREATE DATABASE ${quoteIdentifier(wanted.name)}`,
    `OWNER ${quoteIdentifier(wanted.owner)}`,
    `TEMPLATE ${quoteIdentifier(wanted.template ?? 'template0')}`,
    ...(wanted.strategy === undefined || version < 150_000 ? [] : [`STRATEGY ${quoteLiteral(wanted.strategy)}`]),
    ...(wanted.encoding === undefined ? [] : [`ENCODING ${quoteLiteral(wanted.encoding)}`]),
    ...localeWords(wanted, version),
    ...(wanted.tablespace === undefined ? [] : [`TABLESPACE ${quoteIdentifier(wanted.tablespace)}`]),
    ...(wanted.isTemplate ? ['IS_TEMPLATE true'] : []),
    `CONNECTION LIMIT ${wanted.connectionLimit ?? -1}`,
  ]
  return `${words.join(' ')};`
}

function localeWords(wanted: DatabaseItem, version: number): readonly string[] {
  const locale = localeOf(wanted, version)
  if (locale === undefined) return []
  const parts = [`LC_COLLATE ${quoteLiteral(locale.collate)}`, `LC_CTYPE ${quoteLiteral(locale.ctype)}`]
  if (version < 150_000) return parts
  const provider = `LOCALE_PROVIDER ${locale.provider}`
  const own = quoteLiteral(locale.providerLocale ?? '')
  if (locale.provider === 'libc') return [provider, ...parts]
  if (locale.provider === 'builtin') return [provider, `BUILTIN_LOCALE ${own}`, ...parts]
  const rules = locale.icuRules === undefined ? [] : [`ICU_RULES ${quoteLiteral(locale.icuRules)}`]
  return [provider, `ICU_LOCALE ${own}`, ...rules, ...parts]
}

/** The databases, each after the one that it is copied from. Errors: `invalid` when they are copied from each other. */
export function inTemplateOrder(databases: readonly DatabaseItem[]): readonly DatabaseItem[] {
  const done: DatabaseItem[] = []
  let waiting = databases
  while (waiting.length > 0) {
    const ready = waiting.filter(({ template }) => !waiting.some(({ name }) => name === template))
    if (ready.length === 0)
      throw new DroverError(
        'invalid',
        `databases ${waiting.map(({ name }) => name).join(', ')} are templates of each other`,
      )
    done.push(...ready)
    waiting = waiting.filter(database => !ready.includes(database))
  }
  return done
}
