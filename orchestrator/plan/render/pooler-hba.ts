import { assertNever } from '../../../shared/domain/errors.ts'
import type { HbaMethod, HbaSpec, UserSpec } from '../../../shared/domain/spec.ts'
import { MACHINERY_ROLES } from './hba.ts'
import { connectionType, defaultNetworks, EVERYWHERE, hbaName, networks, rulesFor } from './hba-rules.ts'
import type { LocalInstance } from './members.ts'

/**
 * The poolers' own rules, in what PgBouncer 1.18 and later read alike. A client that came through HAProxy has a member's
 * address here, so rules of the spec that name a network bind on direct connections only; `all` and `cluster` bind on both
 * ways. The poolers run under the superuser's account, so nobody may pass through them as one of the machinery; their own
 * console needs no rule, since PgBouncer lets that account in as user `pgbouncer` over the socket.
 */
export function poolerHba(local: LocalInstance): readonly string[] {
  return [
    `local all ${MACHINERY_ROLES} reject`,
    ...EVERYWHERE.map(network => `host all ${MACHINERY_ROLES} ${network} reject`),
    ...rulesFor(local, 'pooler').flatMap(rule => lines(rule, local)),
    'local all all scram-sha-256',
    ...defaultNetworks(local).map(network => `host all all ${network} scram-sha-256`),
  ]
}

/** Users of the cluster that may come through the pooler. */
export function pooledUsers(users: readonly UserSpec[]): readonly UserSpec[] {
  return users.filter(user => user.login && user.pooled)
}

function lines(rule: HbaSpec, local: LocalInstance): readonly string[] {
  const users = userNames(rule.user, local.cluster.users)
  if (users.length === 0) return []
  const who = `${hbaName(rule.database)} ${users.map(hbaName).join(',')}`
  if (rule.address === 'local') return [`local ${who} ${socketMethod(rule.auth)}`]
  return networks(rule, local).map(network => `${connectionType(rule)} ${who} ${network} ${networkMethod(rule.auth)}`)
}

/** PgBouncer knows no roles: `+role` becomes the pooled users that are in it, itself and through others. */
function userNames(user: string, users: readonly UserSpec[]): readonly string[] {
  if (!user.startsWith('+')) return [user]
  const role = user.slice(1)
  return pooledUsers(users)
    .filter(({ name }) => isIn({ name, role, users, seen: new Set() }))
    .map(({ name }) => name)
}

function isIn({
  name,
  role,
  users,
  seen,
}: {
  readonly name: string
  readonly role: string
  readonly users: readonly UserSpec[]
  readonly seen: Set<string>
}): boolean {
  if (name === role) return true
  if (seen.has(name)) return false
  seen.add(name)
  const groups = users.find(each => each.name === name)?.memberOf ?? []
  return groups.some(group => isIn({ name: group.role, role, users, seen }))
}

function socketMethod(method: HbaMethod): HbaMethod {
  switch (method) {
    case 'ident':
      return 'peer'
    case 'md5':
      return 'scram-sha-256'
    case 'scram-sha-256':
    case 'trust':
    case 'reject':
    case 'cert':
    case 'peer':
      return method
    default:
      return assertNever(method)
  }
}

/** The pooler can pass on a password and nothing else: who proves himself otherwise has to come directly. */
function networkMethod(method: HbaMethod): HbaMethod {
  switch (method) {
    case 'cert':
    case 'ident':
    case 'peer':
      return 'reject'
    case 'md5':
      return 'scram-sha-256'
    case 'scram-sha-256':
    case 'trust':
    case 'reject':
      return method
    default:
      return assertNever(method)
  }
}
