import { type Loose, looseList, looseNumber } from '../loose.ts'
import type { Report } from '../report.ts'

/** Each is a WAL sender and a slot of the primary, and a question in every round of Patroni. */
const MOST_MEMBERS = 32

/** How many members a cluster has, groups included. */
export function checkMembers(cluster: Loose, report: Report): void {
  if (membersOf(cluster) === 1) {
    report({
      code: 'no-standby',
      message: 'the cluster has one member that may be primary: nothing takes over when its node fails',
      path: [...cluster.path, 'members'],
      hint: 'Set `members: 3` for high availability.',
      severity: 'warning',
    })
  }
  const groups = looseList(cluster, 'replicas')
  const total = groups.reduce((sum, group) => sum + (looseNumber(group, 'members') ?? 1), membersOf(cluster))
  if (groups.length > 0 && total > MOST_MEMBERS) {
    report({
      code: 'too-many-members',
      message: `the cluster has ${total} members with its replicas; at most ${MOST_MEMBERS} are supported`,
      path: [...cluster.path, 'replicas'],
      hint: 'Put further readers into a standby cluster (`standbyOf`), which takes its changes from this one once.',
    })
  }
}

/** Members that may become primary; the default where the file gives none, or nonsense. */
export function membersOf(cluster: Loose): number {
  return looseNumber(cluster, 'members') ?? 3
}
