import { didYouMean } from '../../shared/domain/closest-word.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { checkTopology } from './check-topology.ts'
import { type Loose, looseList, looseRoot, looseText } from './loose.ts'
import { PREDEFINED_ROLES } from './names.ts'
import type { Report } from './report.ts'
import { pathText } from './schema-problems.ts'
import type { Path, Source } from './source.ts'

/** Rules that span several keys. They read loosely, so that they speak even while the schema has complaints elsewhere. */
export function checkReferences(source: Source): readonly Problem[] {
  const problems: Problem[] = []
  const report: Report = ({ path, severity = 'error', ...rest }) => {
    problems.push({ ...rest, path: pathText(path), ...source.position(path), severity })
  }
  const clusters = looseList(looseRoot(source.data), 'clusters')
  checkUnique({ items: clusters, what: 'cluster', report })
  for (const cluster of clusters) {
    checkTopology(cluster, report)
    checkUsers(cluster, report)
    checkDatabases(cluster, report)
    checkHba(cluster, report)
  }
  return problems
}

function checkUsers(cluster: Loose, report: Report): void {
  const users = looseList(cluster, 'users')
  checkUnique({ items: users, what: 'user', report })
  const roles = [...names(users), ...PREDEFINED_ROLES]
  for (const user of users) {
    const own = looseText(user, 'name')
    for (const membership of looseList(user, 'memberOf')) {
      const role = looseText(membership, 'name')
      if (role === undefined) continue
      if (role === own) {
        report({
          code: 'member-of-itself',
          message: `user \`${role}\` cannot be a member of itself`,
          path: membership.path,
        })
      } else if (!roles.includes(role)) {
        report({
          code: 'unknown-role',
          message: `\`memberOf\` names \`${role}\`, which is not a user of this cluster`,
          path: membership.path,
          hint: didYouMean(role, roles) ?? 'Declare it under `users` (with `login: false` for a group).',
        })
      }
    }
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

function checkDatabases(cluster: Loose, report: Report): void {
  const databases = looseList(cluster, 'databases')
  const users = names(looseList(cluster, 'users'))
  checkUnique({ items: databases, what: 'database', report })
  for (const database of databases) {
    checkOwner({ item: database, what: 'database', users, report })
    const schemas = looseList(database, 'schemas')
    checkUnique({ items: schemas, what: 'schema', report })
    for (const schema of schemas) checkOwner({ item: schema, what: 'schema', users, report })
    const extensions = looseList(database, 'extensions')
    checkUnique({ items: extensions, what: 'extension', report })
    const known = [...names(schemas), 'public', 'pg_catalog']
    for (const extension of extensions) {
      const schema = looseText(extension, 'schema')
      if (schema === undefined || known.includes(schema)) continue
      report({
        code: 'unknown-schema',
        message: `extension \`${looseText(extension, 'name') ?? '?'}\` wants schema \`${schema}\`, which the database does not declare`,
        path: [...extension.path, 'schema'],
        hint: `Add \`${schema}\` to the database's \`schemas\`.`,
      })
    }
  }
}

function checkOwner({
  item,
  what,
  users,
  report,
}: {
  readonly item: Loose
  readonly what: string
  readonly users: readonly string[]
  readonly report: Report
}): void {
  const owner = looseText(item, 'owner')
  if (owner === undefined || users.includes(owner)) return
  report({
    code: 'unknown-owner',
    message: `${what} \`${looseText(item, 'name') ?? '?'}\` is owned by \`${owner}\`, which is not a user of this cluster`,
    path: [...item.path, 'owner'],
    hint: didYouMean(owner, users) ?? `Add \`- name: ${owner}\` to the cluster's \`users\`.`,
  })
}

function checkHba(cluster: Loose, report: Report): void {
  const users = [...names(looseList(cluster, 'users')), 'all']
  const databases = [...names(looseList(cluster, 'databases')), 'all', 'postgres']
  for (const rule of looseList(cluster, 'hba')) {
    const user = looseText(rule, 'user')?.replace(/^\+/, '')
    if (user !== undefined && !users.includes(user)) {
      report({
        code: 'unknown-user',
        message: `the HBA rule names user \`${user}\`, which is not a user of this cluster`,
        path: [...rule.path, 'user'],
        hint: didYouMean(user, users) ?? 'Declare it under `users`.',
      })
    }
    const database = looseText(rule, 'database')
    if (database !== undefined && !databases.includes(database)) {
      report({
        code: 'unknown-database',
        message: `the HBA rule names database \`${database}\`, which is not a database of this cluster`,
        path: [...rule.path, 'database'],
        hint: didYouMean(database, databases) ?? 'Declare it under `databases`.',
      })
    }
  }
}

function checkUnique({
  items,
  what,
  report,
}: {
  readonly items: readonly Loose[]
  readonly what: string
  readonly report: Report
}): void {
  const seen = new Set<string>()
  for (const item of items) {
    const name = looseText(item, 'name')
    if (name === undefined) continue
    if (seen.has(name))
      report({
        code: `duplicate-${what}`,
        message: `${what} \`${name}\` is declared twice`,
        path: [...item.path, 'name'],
        hint: 'Rename or remove one of the two.',
      })
    seen.add(name)
  }
}

function membershipCycles(
  users: readonly Loose[],
): readonly { readonly names: readonly string[]; readonly path: Path }[] {
  const parents = new Map(users.map(user => [looseText(user, 'name') ?? '', names(looseList(user, 'memberOf'))]))
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

function names(items: readonly Loose[]): readonly string[] {
  return items.flatMap(item => looseText(item, 'name') ?? [])
}
