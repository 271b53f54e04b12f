import { CLUSTER_NAME } from '../../../../shared/domain/ids.ts'
import { hostVariables } from '../host-variables.ts'
import type { Inventory } from '../inventory.ts'
import { integerOf, textOf } from '../values.ts'
import type { Instance } from './cluster-context.ts'

export interface DeclaredCluster {
  readonly name: string
  /** Never empty; the primary first, then by `pg_seq`. */
  readonly instances: readonly Instance[]
}

/**
 * The PostgreSQL clusters of an inventory, by name: hosts whose variables, merged as Ansible merges them, give `pg_cluster` and
 * `pg_seq`. A cluster may span groups, and a group several clusters.
 */
export function declaredClusters(inventory: Inventory): readonly DeclaredCluster[] {
  const hosts = [...new Set(inventory.groups.flatMap(group => [...group.hosts.keys()]))]
  const found = hosts.flatMap((host): readonly { readonly cluster: string; readonly instance: Instance }[] => {
    const variables = hostVariables(inventory, host)
    const cluster = textOf(variables.get('pg_cluster')?.value)
    const seq = integerOf(variables.get('pg_seq')?.value)
    if (cluster === undefined || cluster === '' || seq === undefined) return []
    const role = textOf(variables.get('pg_role')?.value) ?? 'replica'
    return [
      {
        cluster,
        instance: { host: addressOf(host, textOf(variables.get('ansible_host')?.value)), seq, role, variables },
      },
    ]
  })
  const names = new Set<string>()
  return [...Map.groupBy(found, ({ cluster }) => cluster)].map(([cluster, members]) => {
    const name = uniqueName(cluster, names)
    names.add(name)
    return { name, instances: members.map(({ instance }) => instance).sort(primaryFirst) }
  })
}

function addressOf(host: string, ansibleHost: string | undefined): string {
  return ansibleHost !== undefined && /^[\d.]+$|:/.test(ansibleHost) && !/^[\d.]+$/.test(host) ? ansibleHost : host
}

function primaryFirst(left: Instance, right: Instance): number {
  return (
    Number(right.role === 'primary') - Number(left.role === 'primary') ||
    left.seq - right.seq ||
    (left.host < right.host ? -1 : 1)
  )
}

/** Pigsty allows capitals and a digit in front. */
function uniqueName(cluster: string, taken: ReadonlySet<string>): string {
  const lower = cluster.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')
  const name = (/^[a-z]/.test(lower) ? lower : `pg-${lower}`).slice(0, 40)
  if (CLUSTER_NAME.test(name) && !taken.has(name)) return name
  for (let count = 2; ; count += 1) {
    const next = `${name.slice(0, 36)}-${count}`
    if (!taken.has(next)) return next
  }
}
