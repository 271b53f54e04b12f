import { createHash } from 'node:crypto'
import { type PsqlCall, psql } from '../../executors/postgres/psql.ts'
import { CLUSTER_STATE_SQL, type ClusterState, DATABASE_STATE_SQL } from '../../executors/postgres/state.ts'

/**
 * A digest of everything that provisioning looks at: roles, databases and what is in them. Absent on a standby, which has what its
 * primary has. A connection to each database, so it is asked seldom. Errors: `unavailable`, `failed`.
 */
export async function contentsDigest(
  question: Pick<PsqlCall, 'exec' | 'socketDirectory' | 'port' | 'signal'>,
): Promise<string | undefined> {
  const text = await psql({ ...question, database: 'postgres', sql: CLUSTER_STATE_SQL })
  const { inRecovery, databases } = JSON.parse(text) as ClusterState
  if (inRecovery) return undefined
  const hash = createHash('sha256').update(text)
  const open = databases.filter(({ allowConnections }) => allowConnections).map(({ name }) => name)
  for (const database of open.toSorted())
    hash.update(database).update(await psql({ ...question, database, sql: DATABASE_STATE_SQL }))
  return hash.digest('hex')
}
