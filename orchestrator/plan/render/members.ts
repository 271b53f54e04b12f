import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName, InstanceName, NodeId } from '../../../shared/domain/ids.ts'
import type { ClusterAllocation, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { type Ports, ports } from './ports.ts'
import type { RenderInput, Settings } from './render-input.ts'

/** A member of a cluster with the address that the others reach it by. */
export interface Member {
  readonly instance: InstanceName
  readonly nodeId: NodeId
  readonly nodeName: string
  readonly address: string
}

/** One cluster as this node sees it: everything that its components are rendered from. */
export interface LocalInstance {
  readonly cluster: ClusterSpec
  readonly allocation: ClusterAllocation
  readonly ports: Ports
  readonly settings: Settings
  readonly members: readonly Member[]
  readonly self: Member
  readonly node: SnapshotNode
  readonly clientNetworks: readonly string[]
}

export interface LocalEtcd {
  readonly name: string
  readonly address: string
}

/** The clusters that have a member on this node, by name. */
export function localInstances(input: RenderInput): readonly LocalInstance[] {
  const node = findNode(input, input.nodeId)
  return [...input.spec.clusters]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(cluster => {
      const allocation = allocationOf(input, cluster.name)
      const members = allocation.members.map(member => {
        const memberNode = findNode(input, member.nodeId)
        return { ...member, nodeName: memberNode.name, address: memberNode.address }
      })
      return members
        .filter(member => member.nodeId === input.nodeId)
        .map(self => ({
          cluster,
          allocation,
          ports: ports(allocation.portBlock),
          settings: input.settings[cluster.name] ?? {},
          members,
          self,
          node,
          clientNetworks: input.spec.fleet.parameters.clientNetworks,
        }))
    })
}

/** The members of the fleet's etcd with their addresses. */
export function etcdMembers(input: RenderInput): readonly (LocalEtcd & { readonly nodeId: NodeId })[] {
  return (input.allocations.etcd?.members ?? []).map(member => ({
    name: member.name,
    nodeId: member.nodeId,
    address: findNode(input, member.nodeId).address,
  }))
}

export function findNode(input: RenderInput, nodeId: NodeId): SnapshotNode {
  const node = input.snapshot.nodes.find(candidate => candidate.id === nodeId)
  if (node === undefined)
    throw new DroverError('internal', `node ${nodeId} has an allocation but is not in the snapshot`)
  return node
}

function allocationOf(input: RenderInput, cluster: ClusterName): ClusterAllocation {
  const allocation = input.allocations.clusters[cluster]
  if (allocation === undefined)
    throw new DroverError('internal', `cluster ${cluster} is rendered without an allocation`)
  return allocation
}
