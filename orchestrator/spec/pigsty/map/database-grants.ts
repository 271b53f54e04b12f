import { textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, type Item } from './cluster-context.ts'

/** The role whose members may make objects in every database of Pigsty, whoever owns it. */
const CREATORS = 'dbrole_admin'

/**
 * What Pigsty grants in each database that it makes, beyond default privileges: `dbrole_admin` may create schemas, and tables in
 * `public`, where nobody else may; the monitor user may connect and look into schema `monitor`. A fleet file has no word for it, so that
 * it goes into the baseline.
 */
export function databaseGrants(context: ClusterContext, database: Item<'databases'>): string {
  if (database.allowConnections === false) return ''
  const { draft } = context
  const has = (role: string): boolean => draft.users?.some(({ name }) => name === role) ?? false
  const monitor = textOf(clusterSetting(context, 'pg_monitor_username')?.value) ?? ''
  const name = quoted(database.name)
  const statements = [
    ...(has(CREATORS)
      ? [
          `GRANT CREATE ON DATABASE ${name} TO ${quoted(CREATORS)};`,
          'REVOKE CREATE ON SCHEMA public FROM PUBLIC;',
          `GRANT CREATE ON SCHEMA public TO ${quoted(CREATORS)};`,
        ]
      : []),
    ...(has(monitor) && database.revokePublicConnect === true
      ? [`GRANT CONNECT ON DATABASE ${name} TO ${quoted(monitor)};`]
      : []),
    ...(has(monitor) && hasMonitorSchema(context, database)
      ? [`GRANT USAGE ON SCHEMA monitor TO ${quoted(monitor)};`]
      : []),
  ]
  return statements.map(statement => `${statement}\n`).join('')
}

/** It comes from template1, so not into databases that are made from another one. */
function hasMonitorSchema({ draft }: ClusterContext, { template = 'template1' }: Item<'databases'>): boolean {
  const schemas = draft.template?.schemas ?? []
  return (
    template === 'template1' &&
    schemas.some(schema => (typeof schema === 'string' ? schema : schema.name) === 'monitor')
  )
}

function quoted(name: string): string {
  return `"${name}"`
}
