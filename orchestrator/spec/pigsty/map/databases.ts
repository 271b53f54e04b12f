import { OBJECT_RULE, RESERVED_DATABASES } from '../../names.ts'
import { Fields } from '../fields.ts'
import { notApplicable } from '../treatment.ts'
import { entriesOf, isTable, type Setting, type Table, textOf } from '../values.ts'
import { importBaseline } from './baseline.ts'
import { type ClusterContext, clusterSetting, type Item, itemsOf } from './cluster-context.ts'
import { type ExtensionDraft, importExtensions } from './extensions.ts'
import { defined, importParameters, POOL_MODES } from './users.ts'

type DatabaseDraft = Item<'databases'>
type SchemaDraft = Exclude<NonNullable<DatabaseDraft['schemas']>[number], string>

const DATABASE = 'clusters[].databases[]'
/** Schemas that every database has without being told. */
const EVERYWHERE = ['public', 'pg_catalog']

export function importDatabases(context: ClusterContext): void {
  for (const setting of itemsOf(clusterSetting(context, 'pg_databases'), context.ledger))
    importDatabase(context, setting)
}

function importDatabase(context: ClusterContext, setting: Setting & { readonly value: Table }): void {
  const { ledger, draft } = context
  const name = textOf(setting.value['name']) ?? ''
  const refusal = refusalOf(name, textOf(setting.value['state']))
  if (refusal !== undefined) {
    ledger.lost(setting.path, { reason: refusal, instead: 'the database is left out' })
    return
  }
  const database: DatabaseDraft = { name, owner: '' }
  const fields = new Fields({ setting, ledger, to: DATABASE, into: database })
  fields.kept('name', { to: 'name' })
  if (textOf(setting.value['state']) === 'recreate') {
    fields.lost('state', {
      reason: 'an apply never drops a database',
      instead: 'it is created where it does not exist',
    })
  } else fields.kept('state', { to: 'name', note: 'databases of the file are created' })
  database.owner = ownerOf(context, fields)
  Object.assign(database, defined(locales(context, fields)), defined(attributes(fields)))
  const pool = defined(pooling(fields))
  if (Object.keys(pool).length > 0) database.pool = pool
  importParameters(fields, database)
  importBaseline(context, fields, database)
  const extensions = importExtensions(context, { setting: fields.raw('extensions'), to: `${DATABASE}.extensions[]` })
  const schemas = withHomes(importSchemas(context, fields), extensions)
  if (schemas.length > 0) database.schemas = [...schemas]
  if (extensions.length > 0) database.extensions = [...extensions]
  dropRest(context, fields)
  draft.databases = [...(draft.databases ?? []), database]
}

function refusalOf(name: string, state: string | undefined): string | undefined {
  if (state === 'absent') return 'an apply never removes a database'
  if (RESERVED_DATABASES.has(name))
    return `\`${name}\` is PostgreSQL's own database, which a fleet file does not declare`
  return OBJECT_RULE.pattern.test(name) ? undefined : `Drover's names are ${OBJECT_RULE.words}`
}

/** Without an owner, a database is the superuser's in Pigsty; that of the inventory stands for it. */
function ownerOf(context: ClusterContext, fields: Fields): string {
  const admin = textOf(clusterSetting(context, 'pg_admin_username')?.value) ?? ''
  const owner = textOf(fields.raw('owner')?.value)
  if (owner === undefined) return admin
  if (context.draft.users?.some(user => user.name === owner)) {
    fields.kept('owner', { to: 'owner' })
    return owner
  }
  fields.lost('owner', { reason: 'not a user of this cluster', instead: `\`${admin}\` owns the database` })
  return admin
}

/** PostgreSQL takes collation and character type from the locale; Pigsty's cluster-wide values stand in for what a database leaves out. */
function locales(context: ClusterContext, fields: Fields): Partial<DatabaseDraft> {
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
  const locale =
    fields.text('locale', 'locale') ?? (provider === 'builtin' ? fields.text('builtin_locale', 'locale') : undefined)
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

const LOCALE_KEYS: Readonly<Record<string, string>> = {
  pg_lc_collate: `${DATABASE}.collate`,
  pg_lc_ctype: `${DATABASE}.ctype`,
  pg_encoding: `${DATABASE}.encoding`,
}

function attributes(fields: Fields): Partial<DatabaseDraft> {
  return {
    template: fields.text('template', 'template'),
    strategy: fields.choice('strategy', { to: 'strategy', choices: { wal_log: 'wal_log', file_copy: 'file_copy' } }),
    tablespace: fields.text('tablespace', 'tablespace'),
    isTemplate: fields.flag('is_template', 'isTemplate'),
    allowConnections: fields.flag('allowconn', 'allowConnections'),
    revokePublicConnect: fields.flag('revokeconn', 'revokePublicConnect'),
    connectionLimit: fields.count('connlimit', 'connectionLimit'),
    pooled: fields.flag('pgbouncer', 'pooled'),
    comment: fields.text('comment', 'comment'),
  } as Partial<DatabaseDraft>
}

function pooling(fields: Fields): NonNullable<DatabaseDraft['pool']> {
  return {
    mode: fields.choice('pool_mode', { to: 'pool.mode', choices: POOL_MODES }),
    size: fields.count('pool_size', 'pool.size'),
    minSize: fields.count('pool_size_min', 'pool.minSize'),
    reserve: fields.count('pool_reserve', 'pool.reserve'),
    maxConnections: fields.count('pool_connlimit', 'pool.maxConnections'),
  } as NonNullable<DatabaseDraft['pool']>
}

function importSchemas({ ledger }: ClusterContext, fields: Fields): readonly SchemaDraft[] {
  const setting = fields.raw('schemas')
  return setting === undefined ? [] : importSchemaList(ledger, setting, `${DATABASE}.schemas[]`)
}

export function importSchemaList(
  ledger: ClusterContext['ledger'],
  setting: Setting,
  to: string,
): readonly SchemaDraft[] {
  return entriesOf(setting).flatMap((entry): readonly SchemaDraft[] => {
    const table: Table = isTable(entry.value) ? entry.value : { name: entry.value }
    const name = textOf(table['name'])
    if (name === undefined || textOf(table['state']) === 'absent') {
      ledger.lost(entry.path, {
        reason: name === undefined ? 'the schema has no name' : 'an apply never removes a schema',
        instead: 'it is left out',
      })
      return []
    }
    const schema: { name: string; owner?: string } = { name }
    if (!isTable(entry.value)) {
      ledger.kept({ path: entry.path, to: `${to}.name`, into: schema })
      return [schema]
    }
    const fields = new Fields({ setting: { path: entry.path, value: table }, ledger, to, into: schema })
    fields.kept('name', { to: 'name' })
    fields.kept('state', { to: 'name' })
    const owner = fields.text('owner', 'owner')
    if (owner !== undefined) schema.owner = owner
    fields.finish()
    return [schema]
  })
}

/** An extension's schema has to be declared; Pigsty counts on template1, or on the extension to make it. */
function withHomes(schemas: readonly SchemaDraft[], extensions: readonly ExtensionDraft[]): readonly SchemaDraft[] {
  const known = new Set([...schemas.map(({ name }) => name), ...EVERYWHERE])
  const missing = new Set(extensions.flatMap(({ schema }) => (schema === undefined || known.has(schema) ? [] : schema)))
  return [...schemas, ...[...missing].map(name => ({ name }))]
}

function dropRest({ ledger }: ClusterContext, fields: Fields): void {
  fields.lost('pool_auth_user', {
    reason: 'every client logs in to the pooler as itself',
    instead: 'users need `pgbouncer: true`',
  })
  const datasource = fields.raw('register_datasource')
  if (datasource !== undefined) ledger.note(datasource.path, notApplicable('Drover brings no Grafana'))
  fields.finish()
}
