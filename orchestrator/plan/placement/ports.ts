import type { ClusterAllocation } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { MAX_PORT_BLOCK, ports } from '../render/ports.ts'

/** What a cluster that shares a node with others listens on; the block is absent while none has been chosen. */
export interface Listener {
  readonly spec: Pick<ClusterSpec, 'name' | 'services'>
  readonly existing?: Pick<ClusterAllocation, 'portBlock'>
}

/** Why two clusters cannot share a node, as a half sentence: blocks that are fixed, and ports that services of the spec take. */
export function whyPortsClash(cluster: Listener, other: Listener): string | undefined {
  // What a cluster's own member has left behind is in nobody's way.
  if (cluster.spec.name === other.spec.name) return undefined
  const own = cluster.existing?.portBlock
  const their = other.existing?.portBlock
  if (own !== undefined && own === their) return `holds ${other.spec.name}, which has the same block of ports`
  const service = cluster.spec.services.find(
    ({ port }) => other.spec.services.some(each => each.port === port) || takes(their, port),
  )
  if (service !== undefined) return `holds ${other.spec.name}, which has port ${service.port} as well`
  const taken = other.spec.services.find(({ port }) => takes(own, port))
  return taken === undefined ? undefined : `holds ${other.spec.name}, which has port ${taken.port} as well`
}

/** The lowest block that collides with nothing on the nodes of its neighbours; undefined when all are taken. */
export function freePortBlock(neighbours: readonly Listener[]): number | undefined {
  const used = new Set(neighbours.flatMap(({ existing }) => existing?.portBlock ?? []))
  const services = neighbours.flatMap(({ spec }) => spec.services.map(({ port }) => port))
  for (let block = 0; block <= MAX_PORT_BLOCK; block += 1) {
    if (!used.has(block) && !services.some(port => takes(block, port))) return block
  }
  return undefined
}

function takes(block: number | undefined, port: number): boolean {
  return block !== undefined && Object.values(ports(block)).includes(port)
}
