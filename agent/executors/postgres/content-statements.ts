import type { ContentItem } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import type { DatabaseContent } from './state.ts'
import type { Statement } from './statement.ts'

/** A database from inside, as it is wanted. */
export interface WantedContent extends ContentItem {
  readonly name: string
  /** Of schemas that name none. */
  readonly owner: string
}

/**
 * What makes schemas and extensions as wanted, run inside the database. Schemas first: extensions may live in them.
 * Errors: `conflict` for an extension that is newer than the version asked for, since extensions have no way back.
 */
export function contentStatements(wanted: WantedContent, now: DatabaseContent): readonly Statement[] {
  return [...schemaStatements(wanted, now), ...extensionStatements(wanted, now)]
}

function schemaStatements(wanted: WantedContent, now: DatabaseContent): readonly Statement[] {
  const known = new Map(now.schemas.map(schema => [schema.name, schema.owner]))
  const declared = new Map(wanted.schemas.map(schema => [schema.name, schema.owner]))
  for (const { schema } of wanted.extensions) {
    if (schema !== undefined && !declared.has(schema)) declared.set(schema, undefined)
  }
  return [...declared].flatMap(([name, owner]) => {
    const quoted = quoteIdentifier(name)
    const current = known.get(name)
    const object = `schema ${name} in ${wanted.name}`
    if (current === undefined) {
      const sql = `CREATE SCHEMA ${quoted} AUTHORIZATION ${quoteIdentifier(owner ?? wanted.owner)};`
      return [{ sql, summary: `create schema ${name} in ${wanted.name}`, differences: [missing(object)] }]
    }
    if (owner === undefined || owner === current) return []
    const sql = `ALTER SCHEMA ${quoted} OWNER TO ${quoteIdentifier(owner)};`
    const differences = [{ object, property: 'owner', expected: owner, found: current }]
    return [{ sql, summary: `alter schema ${name} in ${wanted.name} (owner)`, differences }]
  })
}

function extensionStatements(wanted: WantedContent, now: DatabaseContent): readonly Statement[] {
  const known = new Map(now.extensions.map(extension => [extension.name, extension]))
  return wanted.extensions.flatMap(({ name, schema, version }) => {
    const current = known.get(name)
    const object = `extension ${name} in ${wanted.name}`
    if (current === undefined) {
      const where = schema === undefined ? '' : ` SCHEMA ${quoteIdentifier(schema)}`
      const which = version === undefined ? '' : ` VERSION ${quoteLiteral(version)}`
      // An earlier extension's CASCADE may have made it.
      const sql = `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)}${where}${which} CASCADE;`
      return [{ sql, summary: `create extension ${name} in ${wanted.name}`, differences: [missing(object)] }]
    }
    if (version === undefined || version === current.version) return []
    if (isOlder(version, current.version)) throw goesBack({ name, version, current: current.version, in: wanted.name })
    const sql = `ALTER EXTENSION ${quoteIdentifier(name)} UPDATE TO ${quoteLiteral(version)};`
    const differences = [{ object, property: 'version', expected: version, found: current.version }]
    return [
      { sql, summary: `update extension ${name} in ${wanted.name} (${current.version} to ${version})`, differences },
    ]
  })
}

function missing(object: string): ObjectDifference {
  return { object, expected: 'there', found: 'missing' }
}

/** By its numbers, one after the other: `1.9` is older than `1.10`. */
function isOlder(left: string, right: string): boolean {
  const [one, other] = [left, right].map(text => text.match(/\d+/g)?.map(Number) ?? [])
  const parts = Array.from({ length: Math.max(one?.length ?? 0, other?.length ?? 0) }, (_, index) => index)
  const first = parts.find(index => (one?.[index] ?? 0) !== (other?.[index] ?? 0))
  return first !== undefined && (one?.[first] ?? 0) < (other?.[first] ?? 0)
}

function goesBack(found: {
  readonly name: string
  readonly version: string
  readonly current: string
  readonly in: string
}): DroverError {
  const { name, version, current } = found
  return new DroverError(
    'conflict',
    `extension ${name} in database ${found.in} has version ${current}, the spec asks for the older ${version}, and extensions have no way back`,
    { hint: `Set the version of ${name} to ${current}, or leave it out.` },
  )
}
