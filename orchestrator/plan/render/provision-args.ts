import type { DatabaseItem, DefaultPrivilegeItem, ProvisionArgs, RoleItem } from '../../../shared/domain/command.ts'
import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import type {
  ClusterSpec,
  DatabaseSpec,
  DefaultPrivilegeSpec,
  ExtensionSpec,
  UserSpec,
} from '../../../shared/domain/spec.ts'
import { SUPERUSER_ROLE } from './hba.ts'
import { instancePaths } from './paths.ts'
import { ports } from './ports.ts'
import type { ProvisionInput } from './render-input.ts'

/** Roles and databases of a cluster, as one of its instances is told to make them. Verifiers are placeholders, as in manifests. */
export function provisionArgs({ cluster, instance, allocation }: ProvisionInput): ProvisionArgs {
  return {
    instance,
    socketDirectory: instancePaths(instance).socket,
    port: ports(allocation.portBlock).postgres,
    roles: cluster.users.map(user => role(user, cluster.name)),
    databases: cluster.databases.map(database),
    template: able(cluster.template),
    privileges: cluster.privileges.map(rule => privilege(rule, cluster)),
    dryRun: false,
  }
}

function role(user: UserSpec, cluster: string): RoleItem {
  const { login, superuser, createdb, createrole, inherit, replication, bypassrls } = user
  const verifier = user.password ?? `\${scram:clusters/${cluster}/users/${user.name}}`
  return {
    name: user.name,
    ...(login ? { passwordVerifier: verifier } : {}),
    attributes: { login, superuser, createdb, createrole, inherit, replication, bypassrls },
    ...(user.connectionLimit === undefined ? {} : { connectionLimit: user.connectionLimit }),
    ...(user.validUntil === undefined ? {} : { validUntil: user.validUntil }),
    memberOf: user.memberOf,
    parameters: user.parameters,
    ...(user.comment === undefined ? {} : { comment: user.comment }),
  }
}

/** Without extensions that cannot be made yet. */
function able<T extends { readonly extensions: readonly ExtensionSpec[] }>(home: T): T {
  return { ...home, extensions: home.extensions.filter(({ waits }) => waits === undefined) }
}

/** What the maintenance database was born with is not asked of it. */
function database(spec: DatabaseSpec): DatabaseItem {
  const { pooled: _pooled, pool: _pool, ...item } = able(spec)
  if (spec.name !== MAINTENANCE_DATABASE) return item
  const { encoding: _encoding, locale: _locale, ...born } = item
  return born
}

/** A rule that names no makers means everybody who is expected to make objects. */
function privilege(rule: DefaultPrivilegeSpec, cluster: ClusterSpec): DefaultPrivilegeItem {
  const makers = rule.for.length > 0 ? rule.for : [SUPERUSER_ROLE, ...cluster.databases.map(({ owner }) => owner)]
  return { ...rule, for: [...new Set(makers)].sort() }
}
