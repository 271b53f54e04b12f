import type { DatabaseItem, ProvisionArgs } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import { contentStatements, type WantedContent } from './content-statements.ts'
import { createDatabase } from './create-database.ts'
import { asCreated, connectionStatement, databaseStatements } from './database-statements.ts'
import { privilegeStatements } from './privilege-statements.ts'
import type { Server } from './server.ts'
import {
  type ClusterState,
  DATABASE_STATE_SQL,
  type DatabaseContent,
  type DatabaseState,
  EMPTY_DATABASE,
} from './state.ts'
import type { Statement } from './statement.ts'
import { baselineStatement, rememberUnfinished } from './unfinished.ts'

export interface DatabaseWork {
  readonly server: Server
  readonly args: ProvisionArgs
  readonly state: ClusterState
  /** Of databases that were open when the work began. */
  readonly contents: ReadonlyMap<string, DatabaseContent>
  /** Databases whose making has begun and not ended; kept up to date here and on the server. */
  readonly unfinished: Set<string>
  readonly wanted: DatabaseItem
}

/** One database: made if need be, as wanted from outside, then inside, its baseline once, and closed last. */
export async function provisionDatabase(work: DatabaseWork): Promise<void> {
  const { server, state, unfinished, wanted } = work
  const { name } = wanted
  const now = state.databases.find(database => database.name === name)
  await server.apply('postgres', now === undefined ? creation(work) : alteration(work, now))
  // Closed and to stay so: what is inside is left alone.
  const isClosed = now?.allowConnections === false && !wanted.allowConnections && !unfinished.has(name)
  if (isClosed) return
  await server.apply(name, await insideStatements(work, now))
  if (unfinished.delete(name)) await complete(work)
  if (!wanted.allowConnections) await server.apply('postgres', [connectionStatement(name, false)])
}

function creation({ args, state, unfinished, wanted }: DatabaseWork): readonly Statement[] {
  if (wanted.baseline !== undefined || !isEmpty(args.template)) unfinished.add(wanted.name)
  return [
    ...(unfinished.has(wanted.name) ? [rememberUnfinished(unfinished)] : []),
    {
      sql: createDatabase(wanted, state.versionNumber),
      summary: `create database ${wanted.name}`,
      differences: [{ object: `database ${wanted.name}`, expected: 'there', found: 'missing' }],
    },
    ...databaseStatements(wanted, asCreated(wanted)),
  ]
}

function alteration({ unfinished, wanted }: DatabaseWork, now: DatabaseState): readonly Statement[] {
  const opens = !now.allowConnections && (wanted.allowConnections || unfinished.has(wanted.name))
  return [...(opens ? [connectionStatement(wanted.name, true)] : []), ...databaseStatements(wanted, now)]
}

async function insideStatements(work: DatabaseWork, now: DatabaseState | undefined): Promise<readonly Statement[]> {
  const { server, args, state, contents, unfinished, wanted } = work
  const inside = contentWanted({ args, unfinished, wanted })
  if (isEmpty(inside) && args.privileges.length === 0) return []
  const content = contents.get(wanted.name) ?? (await readContent(server, wanted, now))
  const statements = contentStatements(inside, content)
  const schemas = new Set([
    ...[...content.schemas, ...inside.schemas].map(({ name }) => name),
    ...inside.extensions.flatMap(({ schema }) => schema ?? []),
  ])
  const privileges = privilegeStatements({
    wanted: args.privileges,
    now: content,
    schemas,
    database: wanted.name,
    version: state.versionNumber,
  })
  return [...statements, ...privileges]
}

/** What is wanted inside a database: the template's part as well while it is being made, and always in PostgreSQL's own. */
export function contentWanted({
  args,
  unfinished,
  wanted,
}: Pick<DatabaseWork, 'args' | 'wanted'> & { readonly unfinished: ReadonlySet<string> }): WantedContent {
  const { name } = wanted
  return unfinished.has(name) || name === MAINTENANCE_DATABASE ? withTemplate(wanted, args) : wanted
}

/** A dry run cannot look into what it has not made. */
async function readContent(
  server: Server,
  { name }: DatabaseItem,
  now: DatabaseState | undefined,
): Promise<DatabaseContent> {
  if (server.dryRun && now?.allowConnections !== true) return EMPTY_DATABASE
  return server.read<DatabaseContent>(name, DATABASE_STATE_SQL)
}

/** What the database says of a schema or extension wins over the template. */
function withTemplate(wanted: DatabaseItem, { template }: ProvisionArgs): WantedContent {
  const schemas = template.schemas.filter(({ name }) => !wanted.schemas.some(own => own.name === name))
  const extensions = template.extensions.filter(({ name }) => !wanted.extensions.some(own => own.name === name))
  return {
    name: wanted.name,
    owner: wanted.owner,
    schemas: [...schemas, ...wanted.schemas],
    extensions: [...extensions, ...wanted.extensions],
  }
}

async function complete({ server, unfinished, wanted: { name, baseline } }: DatabaseWork): Promise<void> {
  if (baseline === undefined) return server.apply(name, [rememberUnfinished(unfinished)])
  try {
    await server.apply(name, [baselineStatement(name, baseline, unfinished)])
  } catch (error) {
    if (!(error instanceof DroverError) || error.code !== 'failed') throw error
    throw new DroverError('failed', error.message, {
      hint: `Correct the baseline of database ${name} and apply again: nothing of it was kept, and it runs until it succeeds once.`,
    })
  }
}

function isEmpty({ schemas, extensions }: Pick<WantedContent, 'schemas' | 'extensions'>): boolean {
  return schemas.length === 0 && extensions.length === 0
}
