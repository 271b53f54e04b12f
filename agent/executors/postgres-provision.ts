import type { DatabaseItem, ProvisionArgs } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Exec } from '../host/host.ts'
import type { Executor } from './executor.ts'
import { contentStatements, databaseStatements } from './postgres/database-statements.ts'
import { psql } from './postgres/psql.ts'
import { roleStatements } from './postgres/role-statements.ts'
import {
  CLUSTER_STATE_SQL,
  type ClusterState,
  DATABASE_STATE_SQL,
  type DatabaseContent,
  EMPTY_DATABASE,
} from './postgres/state.ts'
import type { Statement } from './postgres/statement.ts'

/**
 * Makes roles, databases, schemas and extensions as wanted: reads what is there, runs only what differs, drops nothing.
 * Killed half-way it has done a prefix; the next run does the rest.
 * Errors: `conflict` on a standby or for a property that PostgreSQL cannot change, `unavailable`, `failed`.
 */
export function createPostgresProvision(host: { readonly exec: Exec }): Executor<'postgres.provision'> {
  return async ({ args, signal, progress }) => {
    const run = (database: string, sql: string): Promise<string> =>
      psql({ ...args, exec: host.exec, database, sql, signal })
    const state = parse<ClusterState>(await run('postgres', CLUSTER_STATE_SQL))
    refuseStandby(args, state)
    const changes: string[] = []
    const apply = async (database: string, statements: readonly Statement[]): Promise<void> => {
      if (statements.length === 0) return
      if (!args.dryRun) await run(database, statements.map(statement => statement.sql).join('\n'))
      for (const { summary } of statements) {
        changes.push(summary)
        progress(summary)
      }
    }

    await apply('postgres', [...roleStatements(args.roles, state), ...databaseStatements(args.databases, state)])
    for (const database of args.databases) {
      if (!hasContent(database)) continue
      const exists = !args.dryRun || state.databases.some(({ name }) => name === database.name)
      const content = exists ? parse<DatabaseContent>(await run(database.name, DATABASE_STATE_SQL)) : EMPTY_DATABASE
      await apply(database.name, contentStatements(database, content))
    }
    return { dryRun: args.dryRun, changes }
  }
}

function refuseStandby(args: ProvisionArgs, state: ClusterState): void {
  if (!state.inRecovery) return
  throw new DroverError('conflict', `${args.instance} is a standby now: roles and databases are made on the primary`, {
    retryable: true,
    hint: 'The step is sent again to whichever member is the primary.',
  })
}

function hasContent(database: DatabaseItem): boolean {
  return database.schemas.length > 0 || database.extensions.length > 0
}

/** The shape is that of our own query. */
function parse<T>(json: string): T {
  return JSON.parse(json) as T
}
