/** What `drover status --json` prints, as far as tests look at it (DESIGN 6). */
export interface FleetStatus {
  readonly nodes: readonly NodeStatus[]
  readonly clusters: readonly ClusterStatus[]
}

export interface NodeStatus {
  readonly name: string
  readonly id: string
  readonly state: string
  readonly address: string
}

export interface ClusterStatus {
  readonly name: string
  readonly state: string
  readonly primary: string
  readonly members: readonly MemberStatus[]
  readonly services: readonly { readonly name: string; readonly port: number; readonly addresses: readonly string[] }[]
}

export interface MemberStatus {
  readonly serverVersion: string
  readonly name: string
  readonly node: string
  readonly address: string
  readonly port: number
  readonly role: string
  readonly state: string
}

/** The node that an instance lives on. */
export function nodeOf(cluster: ClusterStatus, instance: string): string {
  const member = cluster.members.find(({ name }) => name === instance)
  if (member === undefined) throw new Error(`${cluster.name} has no member '${instance}'`)
  return member.node
}

export function portOf(cluster: ClusterStatus, service: string): number {
  const found = cluster.services.find(({ name }) => name === service)
  if (found === undefined) throw new Error(`${cluster.name} has no service '${service}'`)
  return found.port
}
