import type { DatabaseItem } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { setClause } from './parameter.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import { missingSettings } from './role-statements.ts'
import type { ClusterState, DatabaseContent, DatabaseState } from './state.ts'
import type { Statement } from './statement.ts'

/** What makes the databases themselves as wanted, run in any database. Errors: `conflict` when one exists with an encoding or locale that cannot be changed. */
export function databaseStatements(databases: readonly DatabaseItem[], state: ClusterState): readonly Statement[] {
  const known = new Map(state.databases.map(database => [database.name, database]))
  return databases.flatMap(database => {
    const now = known.get(database.name)
    return [...presence(database, now, state.versionNumber), ...belongings(database, now)]
  })
}

function presence(wanted: DatabaseItem, now: DatabaseState | undefined, version: number): readonly Statement[] {
  const name = quoteIdentifier(wanted.name)
  if (now === undefined) return [{ sql: createDatabase(wanted, version), summary: `create database ${wanted.name}` }]
  refuseFixed(wanted, now)
  const owner =
    now.owner === wanted.owner
      ? []
      : [
          {
            sql: `ALTER DATABASE ${name} OWNER TO ${quoteIdentifier(wanted.owner)};`,
            summary: `alter database ${wanted.name} (owner)`,
          },
        ]
  const limit = wanted.connectionLimit ?? -1
  const connections =
    now.connectionLimit === limit
      ? []
      : [
          {
            sql: `ALTER DATABASE ${name} CONNECTION LIMIT ${limit};`,
            summary: `alter database ${wanted.name} (connection limit)`,
          },
        ]
  return [...owner, ...connections]
}

function createDatabase(wanted: DatabaseItem, version: number): string {
  const words = [`CREATE DATABASE ${quoteIdentifier(wanted.name)}`, `OWNER ${quoteIdentifier(wanted.owner)}`]
  if (wanted.encoding !== undefined || wanted.locale !== undefined) words.push('TEMPLATE template0')
  if (wanted.encoding !== undefined) words.push(`ENCODING ${quoteLiteral(wanted.encoding)}`)
  if (wanted.locale !== undefined) words.push(localeClause(wanted.locale, version))
  words.push(`CONNECTION LIMIT ${wanted.connectionLimit ?? -1}`)
  return `${words.join(' ')};`
}

/** PostgreSQL 17 has code-point locales of its own, which no upgrade of the C library can change. */
function localeClause(locale: string, version: number): string {
  const builtin = version >= 170_000 && isCodePoint(locale)
  return `LOCALE_PROVIDER ${builtin ? 'builtin' : 'libc'} LOCALE ${quoteLiteral(builtin ? builtinName(locale) : locale)}`
}

function isCodePoint(locale: string): boolean {
  return ['c', 'c.utf8'].includes(normal(locale))
}

function builtinName(locale: string): string {
  return normal(locale) === 'c' ? 'C' : 'C.UTF-8'
}

function refuseFixed(wanted: DatabaseItem, now: DatabaseState): void {
  const pairs = [
    ['encoding', wanted.encoding, now.encoding],
    ['locale', wanted.locale, now.collate],
  ] as const
  for (const [what, want, have] of pairs) {
    if (want !== undefined && normal(want) !== normal(have)) {
      throw new DroverError(
        'conflict',
        `database ${wanted.name} has ${what} ${have}, the spec asks for ${want}, and PostgreSQL cannot change it`,
        {
          hint: `Set the ${what} of database ${wanted.name} to ${have} in the spec, or create a database of another name.`,
        },
      )
    }
  }
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll('-', '')
}

function belongings(wanted: DatabaseItem, now: DatabaseState | undefined): readonly Statement[] {
  const name = quoteIdentifier(wanted.name)
  const settings = missingSettings(wanted.parameters, now?.settings ?? []).map(([parameter, value]) => ({
    sql: `ALTER DATABASE ${name} ${setClause(parameter, value)};`,
    summary: `set ${parameter} of database ${wanted.name}`,
  }))
  const comment =
    wanted.comment === undefined || wanted.comment === (now?.comment ?? '')
      ? []
      : [
          {
            sql: `COMMENT ON DATABASE ${name} IS ${quoteLiteral(wanted.comment)};`,
            summary: `comment on database ${wanted.name}`,
          },
        ]
  return [...settings, ...comment]
}

/** What makes schemas and extensions as wanted, run inside the database. Schemas first: extensions may live in them. */
export function contentStatements(wanted: DatabaseItem, now: DatabaseContent): readonly Statement[] {
  return [...schemaStatements(wanted, now), ...extensionStatements(wanted, now)]
}

function schemaStatements(wanted: DatabaseItem, now: DatabaseContent): readonly Statement[] {
  const declared = wanted.schemas.map(({ name, owner }) => ({ name, owner: owner ?? wanted.owner, fixOwner: owner }))
  const implied = wanted.extensions
    .flatMap(({ schema }) => (schema === undefined ? [] : [schema]))
    .filter(schema => !declared.some(({ name }) => name === schema) && schema !== 'public' && schema !== 'pg_catalog')
    .map(name => ({ name, owner: wanted.owner, fixOwner: undefined }))
  const known = new Map(now.schemas.map(schema => [schema.name, schema.owner]))
  return [...new Map([...declared, ...implied].map(schema => [schema.name, schema])).values()].flatMap(schema => {
    const names = quoteIdentifier(schema.name)
    const owner = known.get(schema.name)
    if (owner === undefined) {
      return [
        {
          sql: `CREATE SCHEMA ${names} AUTHORIZATION ${quoteIdentifier(schema.owner)};`,
          summary: `create schema ${schema.name} in ${wanted.name}`,
        },
      ]
    }
    if (schema.fixOwner === undefined || schema.fixOwner === owner) return []
    return [
      {
        sql: `ALTER SCHEMA ${names} OWNER TO ${quoteIdentifier(schema.fixOwner)};`,
        summary: `alter schema ${schema.name} in ${wanted.name} (owner)`,
      },
    ]
  })
}

function extensionStatements(wanted: DatabaseItem, now: DatabaseContent): readonly Statement[] {
  const known = new Map(now.extensions.map(extension => [extension.name, extension]))
  return wanted.extensions.flatMap(({ name, schema, version }) => {
    const current = known.get(name)
    if (current === undefined) {
      const where = schema === undefined ? '' : ` SCHEMA ${quoteIdentifier(schema)}`
      const which = version === undefined ? '' : ` VERSION ${quoteLiteral(version)}`
      const sql = `CREATE EXTENSION ${quoteIdentifier(name)}${where}${which} CASCADE;`
      return [{ sql, summary: `create extension ${name} in ${wanted.name}` }]
    }
    if (version === undefined || version === current.version) return []
    const sql = `ALTER EXTENSION ${quoteIdentifier(name)} UPDATE TO ${quoteLiteral(version)};`
    return [{ sql, summary: `update extension ${name} in ${wanted.name} (${current.version} to ${version})` }]
  })
}
