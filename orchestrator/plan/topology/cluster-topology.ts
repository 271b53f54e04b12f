import type { ClusterName, InstanceName, NodeId } from '../../../shared/domain/ids.ts'
import type { ClusterAllocation } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, ReplicaGroupSpec } from '../../../shared/domain/spec.ts'

/** What an instance is for, as declared. Only a `member` ever becomes primary or confirms a commit. */
export type Purpose = 'member' | ReplicaGroupSpec['role']

export interface TopologyMember {
  readonly instance: InstanceName
  readonly nodeId: NodeId
  readonly purpose: Purpose
  /** `members`, or the name of its group. */
  readonly group: string
  /** 1 to 100; readers of a lower priority never fall back on it. */
  readonly priority: number
  /** It applies WAL this much later; 0: as soon as it can. */
  readonly delaySeconds: number
}

/** The desired topology of one cluster: who is in it and what each may do. Roles of the moment are not in here. */
export interface ClusterTopology {
  readonly cluster: ClusterName
  /** It follows another cluster: nobody takes writes, one member is the standby leader. */
  readonly isStandby: boolean
  readonly members: readonly TopologyMember[]
}

export const MEMBERS_GROUP = 'members'

/** The priority of those that may become primary. */
export const FULL_PRIORITY = 100

/**
 * Instances of a group that this spec does not have, because an apply that adds the group was interrupted, are readers of
 * the least importance. A spec that takes a group away is refused before.
 */
export function topologyOf(cluster: ClusterSpec, { members }: Pick<ClusterAllocation, 'members'>): ClusterTopology {
  return {
    cluster: cluster.name,
    isStandby: cluster.standbyOf !== undefined,
    members: members.map(({ instance, nodeId, group }) => ({
      instance,
      nodeId,
      ...(group === undefined ? FULL_MEMBER : groupMember(cluster, group)),
    })),
  }
}

/** Those that may become primary; the same ones, but for the primary, may confirm commits. */
export function fullMembers({ members }: ClusterTopology): readonly TopologyMember[] {
  return members.filter(({ purpose }) => purpose === 'member')
}

/** Kept for a use of its own: general read services never lead there. */
export function isReserved({ purpose }: Pick<TopologyMember, 'purpose'>): boolean {
  return purpose === 'offline' || purpose === 'delayed'
}

type Role = Pick<TopologyMember, 'purpose' | 'group' | 'priority' | 'delaySeconds'>

const FULL_MEMBER: Role = { purpose: 'member', group: MEMBERS_GROUP, priority: FULL_PRIORITY, delaySeconds: 0 }

function groupMember({ replicas }: ClusterSpec, group: string): Role {
  const spec = replicas.find(each => each.name === group)
  return {
    purpose: spec?.role ?? 'replica',
    group,
    priority: spec?.priority ?? 1,
    delaySeconds: spec?.delaySeconds ?? 0,
  }
}
