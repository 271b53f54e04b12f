import type { FleetId, NodeId } from '../domain/ids.ts'

/** Who a client certificate of the fleet's CA speaks for; written in its one `spiffe://` URI SAN. */
export type SpiffeIdentity =
  | { readonly kind: 'node'; readonly fleetId: FleetId; readonly nodeId: NodeId; readonly generation: number }
  | { readonly kind: 'user'; readonly fleetId: FleetId; readonly name: string }

export const SPIFFE_SCHEME = 'spiffe://'
export const USER_NAME = /^[a-z_][a-z0-9._-]{0,63}$/

const NODE_URI = /^spiffe:\/\/([a-z0-9.-]+)\/node\/([A-Za-z0-9-]+)\/(0|[1-9][0-9]{0,14})$/
const USER_URI = /^spiffe:\/\/([a-z0-9.-]+)\/user\/([a-z0-9._-]+)$/

export function formatSpiffe(identity: SpiffeIdentity): string {
  return identity.kind === 'node'
    ? `${SPIFFE_SCHEME}${identity.fleetId}/node/${identity.nodeId}/${identity.generation}`
    : `${SPIFFE_SCHEME}${identity.fleetId}/user/${identity.name}`
}

/** Null for anything that `formatSpiffe` would not write. */
export function parseSpiffe(uri: string): SpiffeIdentity | null {
  const [, fleetId = '', nodeId, generation] = NODE_URI.exec(uri) ?? []
  if (nodeId !== undefined) return { kind: 'node', fleetId, nodeId, generation: Number(generation) }
  const [, userFleetId = '', name] = USER_URI.exec(uri) ?? []
  if (name !== undefined && USER_NAME.test(name)) return { kind: 'user', fleetId: userFleetId, name }
  return null
}
