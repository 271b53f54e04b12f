import { gives, type Loose, looseList } from '../loose.ts'
import type { Report } from '../report.ts'
import { checkMemberships } from './memberships.ts'
import { checkUnique } from './unique.ts'

/** Users: each once, memberships that exist, nothing that a group or an unpooled user has no use for. */
export function checkUsers(cluster: Loose, report: Report): void {
  const users = looseList(cluster, 'users')
  checkUnique({ items: users, what: 'user', report })
  for (const user of users) {
    checkGroup(user, report)
    checkPooled(user, report)
  }
  checkMemberships(cluster, report)
}

function checkGroup(user: Loose, report: Report): void {
  if (user.values['login'] !== false) return
  for (const key of ['password', 'validUntil', 'connectionLimit', 'poolMode', 'poolConnections']) {
    if (!gives(user, key)) continue
    report({
      code: 'unused-by-group',
      message: `\`${key}\` has no effect on a user with \`login: false\`: nobody logs in as it`,
      path: [...user.path, key],
      hint: 'Remove it, or `login: false`.',
      severity: 'warning',
    })
  }
}

function checkPooled(user: Loose, report: Report): void {
  if (user.values['pooled'] !== false || user.values['login'] === false) return
  for (const key of ['poolMode', 'poolConnections']) {
    if (!gives(user, key)) continue
    report({
      code: 'unused-pool',
      message: `\`${key}\` has no effect on a user with \`pooled: false\``,
      path: [...user.path, key],
      hint: 'Remove it, or `pooled: false`.',
      severity: 'warning',
    })
  }
}
