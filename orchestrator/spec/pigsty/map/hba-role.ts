import { flagOf } from '../values.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { HbaDraft } from './hba-draft.ts'

interface RoleFilter {
  readonly role: NonNullable<HbaDraft['role']>
  readonly note?: string
}

/**
 * Which members a rule is for. Pigsty writes `primary` and `replica` by the inventory, which no failover changes; here those rules hold
 * on every member that may be either. Undefined: on no member at all.
 */
export function roleFilter({ instances, draft }: ClusterContext, role: string | undefined): RoleFilter | undefined {
  const groups = new Set(draft.replicas?.map(group => group.role))
  switch (role) {
    case undefined:
    case '':
    case 'default':
    case 'common':
      return { role: 'all' }
    case 'primary':
    case 'replica':
    case 'standby':
      return { role: 'members', note: 'on every member that may become primary, since roles move' }
    case 'delayed':
      return groups.has('delayed') ? { role: 'delayed' } : undefined
    case 'offline': {
      if (groups.has('offline')) return { role: 'offline' }
      const queried = instances.some(({ variables }) => flagOf(variables.get('pg_offline_query')?.value) === true)
      return queried
        ? { role: 'members', note: 'on every member, since one of them has `pg_offline_query`' }
        : undefined
    }
    default:
      return undefined
  }
}
