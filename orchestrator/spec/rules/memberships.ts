import { gives, type Loose, type LooseText, looseList, looseText, names } from '../loose.ts'
import { PREDEFINED_ROLES } from '../names.ts'
import type { Report } from '../report.ts'
import { circlesOf, wayText } from './circles.ts'
import { suggestion } from './suggestion.ts'
import { checkUniqueTexts } from './unique.ts'
import { needsVersion } from './versions.ts'

/** Who is a member of whom: roles that exist in this version, each once, in no circle. */
export function checkMemberships(cluster: Loose, report: Report): void {
  const users = looseList(cluster, 'users')
  const known = new Set([...names(users), ...PREDEFINED_ROLES.keys()])
  for (const user of users) {
    for (const role of rolesOf(user)) checkRole({ role, user, known, cluster, report })
    checkUniqueTexts({ texts: rolesOf(user), what: 'membership', report })
    checkOptions({ user, cluster, report })
  }
  checkCircles(users, report)
}

function checkRole({
  role: { text: role, path },
  user,
  known,
  cluster,
  report,
}: {
  readonly role: LooseText
  readonly user: Loose
  readonly known: ReadonlySet<string>
  readonly cluster: Loose
  readonly report: Report
}): void {
  const since = PREDEFINED_ROLES.get(role)
  if (role === looseText(user, 'name')) {
    report({
      code: 'member-of-itself',
      message: `user \`${role}\` cannot be a member of itself`,
      path,
      hint: 'Remove it.',
    })
  } else if (!known.has(role)) {
    report({
      code: 'unknown-role',
      message: `\`memberOf\` names \`${role}\`, which is not a user of this cluster`,
      path,
      hint: suggestion(role, known) ?? 'Declare it under `users` (with `login: false` for a group).',
    })
  } else if (since !== undefined) {
    needsVersion({ cluster, since, what: `role \`${role}\``, path, report })
  }
}

function checkOptions({
  user,
  cluster,
  report,
}: {
  readonly user: Loose
  readonly cluster: Loose
  readonly report: Report
}): void {
  for (const membership of looseList(user, 'memberOf')) {
    for (const option of ['inherit', 'set'].filter(key => gives(membership, key))) {
      needsVersion({
        cluster,
        since: 16,
        what: `\`${option}\` of a membership`,
        path: [...membership.path, option],
        report,
      })
    }
  }
}

/** A membership is a bare name or a map with `role`. */
function rolesOf(user: Loose): readonly LooseText[] {
  return looseList(user, 'memberOf').flatMap((membership): readonly LooseText[] => {
    const [bare, role] = [looseText(membership, 'name'), looseText(membership, 'role')]
    if (role !== undefined) return [{ text: role, path: [...membership.path, 'role'] }]
    return bare === undefined ? [] : [{ text: bare, path: membership.path }]
  })
}

/** A user in itself is told already. */
function checkCircles(users: readonly Loose[], report: Report): void {
  const roles = users.map(user => {
    const name = looseText(user, 'name') ?? ''
    return [name, rolesOf(user).flatMap(({ text }) => (text === name ? [] : text))] as const
  })
  for (const circle of circlesOf(new Map(roles))) {
    const user = users.find(each => looseText(each, 'name') === circle[0])
    report({
      code: 'membership-cycle',
      message: `\`memberOf\` goes in a circle: ${wayText(circle)}`,
      path: [...(user?.path ?? []), 'memberOf'],
      hint: 'Remove one of these memberships.',
    })
  }
}
