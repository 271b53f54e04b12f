import type { EtcdAllocation, EtcdMember, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { VoterState, WantedVoters } from './change-voters.ts'

/** Who votes, from what is allocated, and who of them is well, from what is seen. Who is joining has no vote yet. */
export function voterState(etcd: EtcdAllocation, snapshot: Pick<Snapshot, 'nodes'>): VoterState {
  const voters = [...etcd.members.filter(({ joining }) => joining !== true), ...(etcd.leaving ?? [])]
  return {
    voters: voters.map(({ name }) => name),
    well: voters.filter(voter => isWell(voter, snapshot)).map(({ name }) => name),
  }
}

export function wantedVoters({ members, leaving = [] }: EtcdAllocation): WantedVoters {
  return {
    joining: members.flatMap(({ name, joining }) => (joining === true ? [name] : [])),
    leaving: leaving.map(({ name }) => name),
  }
}

/** A voter on a node that has not reported yet counts as well: nothing speaks against it. */
export function isWell({ nodeId }: EtcdMember, { nodes }: Pick<Snapshot, 'nodes'>): boolean {
  const node = nodes.find(({ id }) => id === nodeId)
  return (
    node !== undefined &&
    (node.state === 'ready' || node.state === 'draining') &&
    node.observation?.etcd?.healthy !== false
  )
}
