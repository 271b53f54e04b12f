import { z } from 'zod'
import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import { EXTENSION_RULE, OBJECT_RULE } from '../names.ts'
import { poolMode } from './pooler.ts'
import { connections, count } from './quantity.ts'
import { comment, databaseName, name, oneLine, schemaName, settings } from './text.ts'

const schema = z.union(
  [
    schemaName.transform(text => ({ name: text })),
    z.strictObject({
      name: schemaName.describe('Of the schema.'),
      owner: name(OBJECT_RULE).exactOptional().describe('A user of this cluster. Absent: the owner of the database.'),
    }),
  ],
  { error: 'must be a schema name or { name, owner }' },
)

const extension = z.union(
  [
    name(EXTENSION_RULE).transform(text => ({ name: text })),
    z.strictObject({
      name: name(EXTENSION_RULE).describe('As in CREATE EXTENSION.'),
      schema: name(OBJECT_RULE)
        .exactOptional()
        .describe("A declared schema, `public` or `pg_catalog`. Absent: the extension's own choice."),
      version: z
        .string()
        .regex(/^[A-Za-z0-9._+-]{1,64}$/, 'must be an extension version such as `1.6`')
        .exactOptional()
        .describe('Absent: the newest that the package brings.'),
    }),
  ],
  { error: 'must be an extension name or { name, schema, version }' },
)

const schemas = z.array(schema).default([])
const extensions = z.array(extension).default([])
const locale = z.string().regex(/^[A-Za-z0-9_.@-]{1,64}$/, 'must be a locale such as `C.UTF-8`')

const pool = z.strictObject({
  mode: poolMode.exactOptional().describe('Instead of the mode of the pooler.'),
  size: count(1, 10_000).exactOptional().describe('Server connections for each user.'),
  minSize: count(0, 10_000).exactOptional().describe('Server connections that are kept open.'),
  reserve: count(0, 10_000).exactOptional().describe('Further server connections while clients wait too long.'),
  maxConnections: connections.exactOptional().describe('Server connections over all users.'),
})

const fields = z.strictObject({
  name: databaseName.describe("Of the database; `postgres` is PostgreSQL's own, which nobody makes."),
  owner: name(OBJECT_RULE).exactOptional().describe('A user of this cluster. Required, but not for `postgres`.'),
  encoding: z
    .string()
    .regex(/^[A-Z0-9_]{2,20}$/, 'must be a PostgreSQL encoding such as `UTF8`')
    .default('UTF8')
    .describe('Fixed once the database exists.'),
  locale: locale.default('C.UTF-8').describe('Sort order and character classes; fixed once the database exists.'),
  collate: locale.exactOptional().describe('Sort order, if other than `locale`.'),
  ctype: locale.exactOptional().describe('Character classes, if other than `locale`.'),
  localeProvider: z
    .enum(['libc', 'icu', 'builtin'])
    .exactOptional()
    .describe('Who sorts. `icu` needs PostgreSQL 15, `builtin` 17. Absent: `builtin` where it can be, else `libc`.'),
  icuLocale: locale.exactOptional().describe('Required with `localeProvider: icu`, and only then.'),
  icuRules: oneLine(4096).exactOptional().describe('Further collation rules of ICU. PostgreSQL 16 and later.'),
  template: name(OBJECT_RULE)
    .exactOptional()
    .describe('What it is copied from: a database of this cluster, `template0` or `template1`.'),
  strategy: z
    .enum(['wal_log', 'file_copy'])
    .exactOptional()
    .describe("How the template is copied. PostgreSQL 15 and later; absent: PostgreSQL's default."),
  tablespace: name(OBJECT_RULE).exactOptional().describe('Must exist already.'),
  isTemplate: z.boolean().default(false).describe('Users with CREATEDB may copy it.'),
  allowConnections: z.boolean().default(true).describe('`false`: nobody can connect.'),
  revokePublicConnect: z.boolean().default(false).describe('Only the owner and roles with a grant may connect.'),
  schemas: schemas.describe('Names or { name, owner }.'),
  extensions: extensions.describe('Names or { name, schema, version }.'),
  baseline: z
    .string()
    .max(65_536)
    .exactOptional()
    .describe(
      'SQL that runs once, at the end of making the database, as superuser, in a transaction. No psql commands.',
    ),
  parameters: settings.default({}).describe('ALTER DATABASE … SET.'),
  pooled: z.boolean().default(true).describe('Reachable through the pooler.'),
  pool: pool.prefault({}).describe('Its pools, in each pooler.'),
  connectionLimit: connections.exactOptional().describe('Connections at once to one PostgreSQL.'),
  comment: comment.exactOptional().describe('COMMENT ON DATABASE.'),
})

/** Every database has an owner but the one that nobody makes: a rule tells the writer, this the editors. */
export const database = fields.meta({
  if: { properties: { name: { const: MAINTENANCE_DATABASE } } },
  else: { properties: { owner: {} }, required: ['owner'] },
})

export const template = z.strictObject({
  schemas: schemas.describe('Names or { name, owner }.'),
  extensions: extensions.describe('Names or { name, schema, version }.'),
})
