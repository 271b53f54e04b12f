import type { Cluster__Output } from '../../proto/gen/drover/v1/Cluster.ts'
import type { ShowClusterResponse__Output } from '../../proto/gen/drover/v1/ShowClusterResponse.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { MAINTENANCE_DATABASE } from '../../shared/domain/maintenance-database.ts'

interface SpecView {
  readonly databases?: readonly { readonly name: string; readonly owner: string }[]
  readonly standbyOf?: { readonly cluster: string }
}

/**
 * A `postgres://` URL for a service, usable from every node and from the network the nodes are on. One host, which every
 * driver understands: a standby's when there is one, since its proxy goes on routing when the primary's host dies. With
 * `allHosts` it names every door (libpq and most drivers try them in order).
 */
export function connectionUrl(
  shown: ShowClusterResponse__Output,
  wanted: {
    readonly service: string
    readonly database?: string | undefined
    readonly user?: string | undefined
    readonly allHosts?: boolean | undefined
  },
): { readonly url: string; readonly password: string } {
  const { cluster } = shown
  const spec = (shown.specJson === '' ? {} : JSON.parse(shown.specJson)) as SpecView
  const service = cluster?.services.find(({ name }) => name === wanted.service)
  if (cluster === null || service === undefined) {
    const source = spec.standbyOf?.cluster
    const why = source === undefined ? '' : `: it follows ${source}, which takes the writes`
    throw new DroverError('not-found', `cluster ${cluster?.name ?? ''} has no service ${wanted.service}${why}`, {
      hint: `services: ${cluster?.services.map(({ name }) => name).join(', ') ?? 'none'}`,
    })
  }
  const [first] = spec.databases?.filter(({ name }) => name !== MAINTENANCE_DATABASE) ?? []
  const database = wanted.database ?? (first ?? spec.databases?.[0])?.name
  if (database === undefined)
    throw new DroverError('invalid', `cluster ${cluster.name} has no database in its spec`, {
      hint: 'name one with --database',
    })
  if (wanted.user === undefined && spec.databases?.every(({ name }) => name !== database) !== false)
    throw new DroverError('not-found', `cluster ${cluster.name} has no database ${database} in its spec`, {
      hint: `databases: ${spec.databases?.map(({ name }) => name).join(', ') || 'none'}; name another one together with --user`,
    })
  const user = wanted.user ?? spec.databases?.find(({ name }) => name === database)?.owner
  const credential = shown.credentials.find(entry => entry.user === user)
  if (user === undefined || credential === undefined)
    throw new DroverError('not-found', `no password is known for ${user ?? `the owner of ${database}`}`, {
      hint: `users: ${shown.credentials.map(entry => entry.user).join(', ') || 'none'}`,
    })
  const doors = doorsOf(cluster, service.addresses)
  const hosts = (wanted.allHosts === true ? doors : doors.slice(0, 1)).map(
    address => `${bracketed(address)}:${service.port}`,
  )
  const tail = `${hosts.join(',')}/${encodeURIComponent(database)}?sslmode=require`
  return {
    url: `postgres://${encodeURIComponent(user)}:${encodeURIComponent(credential.password)}@${tail}`,
    password: credential.password,
  }
}

/** Addresses on which the service is up, standbys' nodes first; every member's address when none is known to be up. */
function doorsOf(cluster: Cluster__Output, up: readonly string[]): string[] {
  const primary = cluster.members.find(({ name }) => name === cluster.primary)?.address
  const addresses = up.length > 0 ? [...up] : cluster.members.map(({ address }) => address)
  return addresses.sort((a, b) => Number(a === primary) - Number(b === primary))
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}
