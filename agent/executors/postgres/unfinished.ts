import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import { setClause, storedSetting } from './parameter.ts'
import { quoteLiteral } from './quote.ts'
import type { ClusterState } from './state.ts'
import type { Statement } from './statement.ts'

/**
 * Databases that are being made: what a database gets only once must neither be left out nor be done twice when the agent
 * dies. The names are a setting of the database `postgres`: written before CREATE DATABASE, which cannot be in a
 * transaction, and taken out in the transaction of the database's baseline.
 */
const SETTING = 'drover.unfinished_databases'

export function unfinishedDatabases({ databases }: ClusterState): ReadonlySet<string> {
  const settings = databases.find(({ name }) => name === MAINTENANCE_DATABASE)?.settings ?? []
  const names = JSON.parse(storedSetting(SETTING, settings) ?? '[]') as readonly string[]
  return new Set(names.filter(name => databases.some(database => database.name === name)))
}

/** `setting` as {@link unfinishedDatabases} reads it. Runs in any database of the server. */
export function rememberUnfinished(names: ReadonlySet<string>): Statement {
  const clause = names.size === 0 ? `RESET ${SETTING}` : setClause(SETTING, JSON.stringify([...names].sort()))
  return { sql: `ALTER DATABASE ${MAINTENANCE_DATABASE} ${clause};` }
}

/**
 * The baseline and the end of a database's making, in one transaction: the server gets them as one text. psql sees
 * only a quoted literal, so a `\!` in the baseline is a syntax error of the server and no program of this host.
 */
export function baselineStatement(database: string, baseline: string, left: ReadonlySet<string>): Statement {
  // A baseline may end as another role.
  const text = `${baseline}\n;\nRESET SESSION AUTHORIZATION; RESET ROLE;\n${rememberUnfinished(left).sql}`
  return {
    sql: `\\o /dev/null\nSELECT ${quoteLiteral(text)} \\gexec\n\\o`,
    summary: `run the baseline of database ${database}`,
  }
}
