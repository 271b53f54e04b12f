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
  /** The group of `replicas` it belongs to; absent: a full member. */
  readonly group?: string
}

/** One cluster as this node sees it: everything that its components are rendered from. */
export interface LocalInstance {
  readonly cluster: ClusterSpec
  readonly allocation: ClusterAllocation
  readonly ports: Ports
  readonly settings: Settings
  readonly members: readonly Member[]
  /** Members of the clusters that are standby clusters of this one. */
  readonly followers: readonly Member[]
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
      const members = membersOf(input, cluster.name)
      const followers = input.spec.clusters
        .filter(other => other.standbyOf?.cluster === cluster.name)
        .flatMap(other => membersOf(input, other.name))
      return members
        .filter(member => member.nodeId === input.nodeId)
        .map(self => ({
          cluster,
          allocation,
          ports: ports(allocation.portBlock),
          settings: input.settings[cluster.name] ?? {},
          members,
          followers,
          self,
          node,
          clientNetworks: input.spec.fleet.parameters.clientNetworks,
        }))
    })
}

function membersOf(input: RenderInput, cluster: ClusterName): readonly Member[] {
  return allocationOf(input, cluster).members.map(member => {
    const node = findNode(input, member.nodeId)
    return { ...member, nodeName: node.name, address: node.address }
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
