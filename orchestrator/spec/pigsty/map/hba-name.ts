import { textOf } from '../values.ts'
import { type ClusterContext, clusterSetting } from './cluster-context.ts'

const SYSTEM_USERS: Readonly<Record<string, string>> = {
  dbsu: 'pg_dbsu',
  repl: 'pg_replication_username',
  monitor: 'pg_monitor_username',
  admin: 'pg_admin_username',
}

/** `${admin}`, `+${monitor}`: Pigsty's names for its system users, as the inventory calls them. Its own superuser and replicator keep their words. */
export function expandHbaName(context: ClusterContext, word: string): string {
  return word.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'dbsu') return 'postgres'
    if (name === 'repl') return 'replicator'
    const parameter = SYSTEM_USERS[name]
    return (parameter === undefined ? undefined : textOf(clusterSetting(context, parameter)?.value)) ?? whole
  })
}
