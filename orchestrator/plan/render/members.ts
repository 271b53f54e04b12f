import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName, NodeId } from '../../../shared/domain/ids.ts'
import type { FleetRuntime } from '../../../shared/domain/runtime.ts'
import type { ClusterAllocation, EtcdMember, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../../shared/domain/spec.ts'
import { runtimeOf } from '../runtime-packages.ts'
import { type TopologyMember, topologyOf } from '../topology/cluster-topology.ts'
import { followersOf, secretsOf, sourceOf, withOriginRoles } from '../topology/standby-source.ts'
import { type Ports, ports } from './ports.ts'
import type { RenderInput, Settings } from './render-input.ts'

/** A member of a cluster, what it is for, and the address that the others reach it by. */
export interface Member extends TopologyMember {
  readonly nodeName: string
  readonly address: string
}

/** The cluster that a standby cluster follows. */
export interface Source {
  readonly ports: Ports
  /** It follows another one itself, so that it has a standby leader and no primary. */
  readonly isStandby: boolean
  /** Those that may lead it. */
  readonly members: readonly Member[]
}

/** One cluster as this node sees it: everything that its components are rendered from. */
export interface LocalInstance {
  /** With the users and databases of its origin, when it is a standby cluster. */
  readonly cluster: ClusterSpec
  /** Where the passwords of its roles are kept. */
  readonly secrets: string
  readonly allocation: ClusterAllocation
  readonly ports: Ports
  readonly settings: Settings
  /** What this member alone has. */
  readonly ownSettings: Settings
  readonly members: readonly Member[]
  /** Members of the clusters that are standby clusters of this one. */
  readonly followers: readonly Member[]
  readonly self: Member
  /** Absent: it runs what is installed. */
  readonly runtime?: FleetRuntime
  /** Absent: a cluster with a primary of its own. */
  readonly source?: Source
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
  return input.spec.clusters
    .filter(({ name }) => allocationOf(input, name).members.some(member => member.nodeId === input.nodeId))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(cluster => {
      const allocation = allocationOf(input, cluster.name)
      const members = membersOf(input, cluster)
      const source = sourceMembers(input, cluster)
      return members
        .filter(member => member.nodeId === input.nodeId)
        .map(self =>
          withRuntime(runtimeOf(self, cluster.name, input.snapshot), {
            cluster: withOriginRoles(cluster, input.spec),
            secrets: secretsOf(cluster, input.spec),
            allocation,
            ports: ports(allocation.portBlock),
            settings: input.settings[cluster.name] ?? {},
            ownSettings: input.memberSettings[self.instance] ?? {},
            members,
            self,
            ...(source === undefined ? {} : { source }),
            followers: followersOf(cluster.name, input.spec).flatMap(follower => membersOf(input, follower)),
            node,
            clientNetworks: input.spec.fleet.parameters.clientNetworks,
          }),
        )
    })
}

function withRuntime(runtime: FleetRuntime | undefined, local: LocalInstance): LocalInstance {
  return runtime === undefined ? local : { ...local, runtime }
}

function membersOf(input: RenderInput, cluster: ClusterSpec): readonly Member[] {
  return topologyOf(cluster, allocationOf(input, cluster.name)).members.map(member => {
    const { name, address } = findNode(input, member.nodeId)
    return { ...member, nodeName: name, address }
  })
}

function sourceMembers(input: RenderInput, cluster: ClusterSpec): Source | undefined {
  const source = sourceOf(cluster, input.spec)
  if (source === undefined) return undefined
  return {
    ports: ports(allocationOf(input, source.name).portBlock),
    isStandby: source.standbyOf !== undefined,
    members: membersOf(input, source).filter(({ purpose }) => purpose === 'member'),
  }
}

/** The members of the fleet's etcd with their addresses. */
export function etcdMembers(
  input: RenderInput,
): readonly (LocalEtcd & Pick<EtcdMember, 'joins'> & { readonly nodeId: NodeId })[] {
  return (input.allocations.etcd?.members ?? []).map(({ name, nodeId, joins }) => ({
    name,
    nodeId,
    address: findNode(input, nodeId).address,
    ...(joins === undefined ? {} : { joins }),
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
