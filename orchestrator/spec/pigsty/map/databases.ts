import { MAINTENANCE_DATABASE } from '../../../../shared/domain/maintenance-database.ts'
import { OBJECT_RULE, RESERVED_DATABASES } from '../../names.ts'
import { Fields } from '../fields.ts'
import { notApplicable } from '../treatment.ts'
import { type Setting, type Table, textOf } from '../values.ts'
import { importBaseline } from './baseline.ts'
import { type ClusterContext, clusterSetting, type Item, itemsOf } from './cluster-context.ts'
import { defined } from './defined.ts'
import { type ExtensionDraft, importExtensions } from './extensions.ts'
import { databaseLocale } from './locale.ts'
import { noteMaintenanceDatabase, ownedBy } from './maintenance-database.ts'
import { importObjectParameters } from './object-parameters.ts'
import { POOL_MODES } from './pool-modes.ts'
import { importSchemas, type SchemaDraft } from './schemas.ts'

type DatabaseDraft = Item<'databases'>

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
  const isBorn = name === MAINTENANCE_DATABASE
  const database: DatabaseDraft = { name }
  const fields = new Fields({ setting, ledger, to: DATABASE, into: database })
  fields.kept('name', { to: 'name' })
  if (textOf(setting.value['state']) === 'recreate') {
    fields.lost('state', {
      reason: 'an apply never drops a database',
      instead: isBorn ? 'it stays' : 'it is created where it does not exist',
    })
  } else if (isBorn) fields.kept('state', { to: 'name', note: 'it is there already' })
  else fields.kept('state', { to: 'name', note: 'databases of the file are created' })
  if (isBorn) noteMaintenanceDatabase(context, fields)
  else {
    database.owner = ownerOf(context, fields)
    Object.assign(database, defined(databaseLocale(context, fields)), defined(attributes(fields)))
  }
  Object.assign(database, defined(everywhere(fields)))
  const pool = defined(pooling(fields))
  if (Object.keys(pool).length > 0) database.pool = pool
  importObjectParameters(fields, database)
  if (!isBorn) importBaseline(context, fields, database)
  const extensions = importExtensions(context, { setting: fields.raw('extensions'), to: `${DATABASE}.extensions[]` })
  const declared = importSchemas(context, { setting: fields.raw('schemas'), to: `${DATABASE}.schemas[]` })
  const to = 'schemas[].owner'
  const schemas = withHomes(isBorn ? ownedBy({ schemas: declared, context, fields, to }) : declared, extensions)
  if (schemas.length > 0) database.schemas = [...schemas]
  if (extensions.length > 0) database.extensions = [...extensions]
  dropRest(context, fields)
  draft.databases = [...(draft.databases ?? []), database]
}

function refusalOf(name: string, state: string | undefined): string | undefined {
  if (state === 'absent') return 'an apply never removes a database'
  if (RESERVED_DATABASES.has(name)) return `\`${name}\` is PostgreSQL's own database, or a word that means several`
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

function attributes(fields: Fields): Partial<DatabaseDraft> {
  return {
    template: fields.text('template', 'template'),
    strategy: fields.choice('strategy', { to: 'strategy', choices: { wal_log: 'wal_log', file_copy: 'file_copy' } }),
    tablespace: fields.text('tablespace', 'tablespace'),
    isTemplate: fields.flag('is_template', 'isTemplate'),
    allowConnections: fields.flag('allowconn', 'allowConnections'),
    revokePublicConnect: fields.flag('revokeconn', 'revokePublicConnect'),
    connectionLimit: fields.count('connlimit', 'connectionLimit'),
  } as Partial<DatabaseDraft>
}

/** What PostgreSQL's own database has as well. */
function everywhere(fields: Fields): Partial<DatabaseDraft> {
  return {
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
