import type { DatabaseItem, ProvisionArgs, RoleItem } from '../../../shared/domain/command.ts'
import type { DatabaseSpec, UserSpec } from '../../../shared/domain/spec.ts'
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
    dryRun: false,
  }
}

function role(user: UserSpec, cluster: string): RoleItem {
  const { login, superuser, createdb, createrole, replication, bypassrls } = user
  return {
    name: user.name,
    ...(login ? { passwordVerifier: `\${scram:clusters/${cluster}/users/${user.name}}` } : {}),
    attributes: { login, superuser, createdb, createrole, replication, bypassrls },
    ...(user.connectionLimit === undefined ? {} : { connectionLimit: user.connectionLimit }),
    memberOf: user.memberOf.map(({ role }) => role),
    parameters: user.parameters,
    ...(user.comment === undefined ? {} : { comment: user.comment }),
  }
}

function database(spec: DatabaseSpec): DatabaseItem {
  const { pooled: _pooled, ...item } = spec
  return item
}
