import { sha256Hex } from '../../../shared/lib/hash.ts'
import { type PsqlCall, psql } from '../../executors/postgres/psql.ts'
import { CLUSTER_STATE_SQL, type ClusterState, DATABASE_STATE_SQL } from '../../executors/postgres/state.ts'

/**
 * A digest of everything that provisioning looks at: roles, databases and what is in them. Absent on a standby, which has what its
 * primary has. A connection to each database, one after the other, so it is asked seldom. Errors: `unavailable`, `failed`.
 */
export async function contentsDigest(
  question: Pick<PsqlCall, 'exec' | 'socketDirectory' | 'port' | 'signal'>,
): Promise<string | undefined> {
  const text = await psql({ ...question, database: 'postgres', sql: CLUSTER_STATE_SQL })
  const { inRecovery, databases } = JSON.parse(text) as ClusterState
  if (inRecovery) return undefined
  const open = databases.filter(({ allowConnections }) => allowConnections).map(({ name }) => name)
  const inside = await psql({ ...question, database: 'postgres', sql: open.toSorted().map(lookInside).join('') })
  return sha256Hex(`${text}\0${inside}`)
}

/** One psql for all databases: starting it takes longer than connecting. A name with a line break would end the command. */
function lookInside(database: string): string {
  if (/[\r\n]/.test(database)) return ''
  const conninfo = `dbname='${database.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const argument = `'${conninfo.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
  return `\\connect -reuse-previous=on ${argument}
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET statement_timeout = '15s';
${DATABASE_STATE_SQL}
`
}
