import { didYouMean } from '../../../shared/domain/closest-word.ts'
import { gives, type Loose, type LooseText, looseList, looseText, names } from '../loose.ts'
import { PREDEFINED_ROLES } from '../names.ts'
import type { Report } from '../report.ts'
import type { Path } from '../source.ts'
import { checkUniqueTexts } from './unique.ts'
import { needsVersion } from './versions.ts'

/** Who is a member of whom: roles that exist in this version, each once, in no circle. */
export function checkMemberships(cluster: Loose, report: Report): void {
  const users = looseList(cluster, 'users')
  for (const user of users) {
    for (const { text, path } of rolesOf(user)) checkRole({ role: text, path, user, cluster, report })
    checkUniqueTexts({ texts: rolesOf(user), what: 'membership', report })
    checkOptions({ user, cluster, report })
  }
  for (const cycle of membershipCycles(users)) {
    report({
      code: 'membership-cycle',
      message: `\`memberOf\` goes in a circle: ${cycle.names.join(' → ')}`,
      path: cycle.path,
      hint: 'Remove one of these memberships.',
    })
  }
}

function checkRole({
  role,
  path,
  user,
  cluster,
  report,
}: {
  readonly role: string
  readonly path: Path
  readonly user: Loose
  readonly cluster: Loose
  readonly report: Report
}): void {
  const known = [...names(looseList(cluster, 'users')), ...PREDEFINED_ROLES.keys()]
  const since = PREDEFINED_ROLES.get(role)
  if (role === looseText(user, 'name')) {
    report({ code: 'member-of-itself', message: `user \`${role}\` cannot be a member of itself`, path })
  } else if (!known.includes(role)) {
    report({
      code: 'unknown-role',
      message: `\`memberOf\` names \`${role}\`, which is not a user of this cluster`,
      path,
      hint: didYouMean(role, known) ?? 'Declare it under `users` (with `login: false` for a group).',
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

function membershipCycles(
  users: readonly Loose[],
): readonly { readonly names: readonly string[]; readonly path: Path }[] {
  const parents = new Map(users.map(user => [looseText(user, 'name') ?? '', rolesOf(user).map(({ text }) => text)]))
  const reported = new Set<string>()
  return users.flatMap(user => {
    const start = looseText(user, 'name') ?? ''
    const cycle = walkToSelf({ start, parents })
    if (cycle === undefined || cycle.length < 3 || cycle.some(name => reported.has(name))) return []
    for (const name of cycle) reported.add(name)
    return [{ names: cycle, path: [...user.path, 'memberOf'] }]
  })
}

/** The shortest way from a role over its memberships back to itself. */
function walkToSelf({
  start,
  parents,
}: {
  readonly start: string
  readonly parents: ReadonlyMap<string, readonly string[]>
}): readonly string[] | undefined {
  const visited = new Set<string>()
  const queue: (readonly string[])[] = [[start]]
  for (const way of queue) {
    for (const next of parents.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, next]
      if (visited.has(next)) continue
      visited.add(next)
      queue.push([...way, next])
    }
  }
  return undefined
}
