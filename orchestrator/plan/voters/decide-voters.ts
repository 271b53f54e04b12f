import type { EtcdAllocation, EtcdMember, EtcdPeer, Snapshot, SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { changeVoters } from './change-voters.ts'
import { voterState, wantedVoters } from './voter-state.ts'

export interface VoterDecision {
  /** Vote already and stay. */
  readonly staying: readonly EtcdMember[]
  /** Vote no more: their nodes are gone or drained, or they are too many. */
  readonly leaving: readonly EtcdMember[]
  readonly missing: number
}

/** Who stays: nobody on a node that is drained or no more; of too many, those that are silent go first, then the highest numbers. */
export function decideVoters(etcd: EtcdAllocation, wanted: number, snapshot: Snapshot): VoterDecision {
  const nodeOf = ({ nodeId }: EtcdMember): SnapshotNode | undefined => snapshot.nodes.find(({ id }) => id === nodeId)
  const able = etcd.members.filter(member => {
    const state = nodeOf(member)?.state
    return state !== undefined && state !== 'draining'
  })
  const kept = new Set(
    able
      .toSorted(
        (left, right) =>
          Number(nodeOf(left)?.state === 'silent') - Number(nodeOf(right)?.state === 'silent') ||
          numberOf(left) - numberOf(right),
      )
      .slice(0, wanted),
  )
  return {
    staying: etcd.members.filter(member => kept.has(member)),
    leaving: [...(etcd.leaving ?? []), ...etcd.members.filter(member => !kept.has(member))],
    missing: wanted - kept.size,
  }
}

/** With newcomers on these nodes; each knows whom it will find. */
export function withVoters(
  etcd: EtcdAllocation,
  { staying, leaving }: VoterDecision,
  newcomers: readonly SnapshotNode[],
  snapshot: Snapshot,
): EtcdAllocation {
  if (newcomers.length === 0 && leaving.length === 0 && staying.every(({ joining }) => joining !== true)) return etcd
  const first = nextNumberOf(etcd)
  const added = newcomers.map(
    (node, index): EtcdMember => ({ name: `etcd-${first + index}`, nodeId: node.id, joining: true }),
  )
  const draft: EtcdAllocation = {
    ...etcd,
    members: [...staying, ...added],
    leaving,
    founders: foundersOf(etcd, snapshot),
    nextNumber: first + added.length,
  }
  return { ...draft, members: draft.members.map(member => withPeers(member, draft, snapshot)) }
}

/** Fixed before the first voter comes or goes: what the configuration of a founder says never changes. */
export function foundersOf(etcd: EtcdAllocation, snapshot: Snapshot): readonly EtcdPeer[] {
  return etcd.founders ?? etcd.members.flatMap(member => peerOf(member, snapshot) ?? [])
}

/** etcd starts a newcomer only with the exact list of the members at that moment. */
function withPeers(member: EtcdMember, etcd: EtcdAllocation, snapshot: Snapshot): EtcdMember {
  if (member.joining !== true || member.joins !== undefined) return member
  const state = voterState(etcd, snapshot)
  const there = new Set(state.voters)
  for (const { kind, voter } of changeVoters(state, wantedVoters(etcd))) {
    if (kind === 'remove') there.delete(voter)
    else there.add(voter)
    if (voter === member.name) break
  }
  const all = [...etcd.members, ...(etcd.leaving ?? [])]
  return { ...member, joins: all.filter(({ name }) => there.has(name)).flatMap(each => peerOf(each, snapshot) ?? []) }
}

function peerOf({ name, nodeId }: EtcdMember, { nodes }: Snapshot): EtcdPeer | undefined {
  const node = nodes.find(({ id }) => id === nodeId)
  return node === undefined ? undefined : { name, address: node.address }
}

function nextNumberOf(etcd: EtcdAllocation): number {
  const known = [...etcd.members, ...(etcd.leaving ?? [])].map(numberOf)
  return etcd.nextNumber ?? Math.max(0, ...known) + 1
}

function numberOf({ name }: EtcdMember): number {
  return Number(name.replace(/^\D*/, ''))
}
