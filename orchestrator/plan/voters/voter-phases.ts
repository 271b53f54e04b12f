import { assertNever } from '../../../shared/domain/errors.ts'
import type { EtcdChange } from '../../../shared/domain/etcd-command.ts'
import type { Manifest } from '../../../shared/domain/manifest.ts'
import type { EtcdDoor, PlanPhase, PlanStep } from '../../../shared/domain/plan.ts'
import type { EtcdAllocation, EtcdMember, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { WorkInput } from '../cluster-work.ts'
import type { ManifestWalk } from '../manifest-walk.ts'
import type { NodeWork } from '../node-work.ts'
import { etcdPeerUrl, etcdWatch } from '../render/etcd.ts'
import { stoppedUnit } from '../render/items.ts'
import { ETCD_CONFIG, tlsPaths } from '../render/paths.ts'
import { ETCD_UNIT } from '../render/unit-names.ts'
import { changeVoters, type VoterStep } from './change-voters.ts'
import { voterState, wantedVoters } from './voter-state.ts'

const HEALTHY_TIMEOUT = 120_000

interface Given {
  readonly input: WorkInput
  readonly nodes: readonly NodeWork[]
  readonly walk: ManifestWalk
}

/** Before anything else changes: dead voters go, newcomers come, one at a time; each gets its vote once it has all data. */
export function incomingVoters({ input, nodes, walk }: Given): readonly PlanPhase[] {
  const { allocations, snapshot } = input
  const { etcd } = allocations
  if (etcd === null) return []
  const via = doorsOf(etcd, snapshot)
  return stepsOf(etcd, snapshot)
    .slice(0, firstGoodbye(etcd, snapshot))
    .flatMap((step): readonly PlanPhase[] => {
      const change = changeOf(step, etcd, snapshot)
      const here = [...etcd.members, ...(etcd.leaving ?? [])].find(({ name }) => name === step.voter)
      const act: PlanStep = { kind: 'change-voter', change, via }
      switch (step.kind) {
        case 'remove':
          return [{ name: `remove dead voter ${step.voter}`, steps: [act] }]
        case 'add-learner':
          return [
            { name: `let ${step.voter} join etcd`, steps: [act] },
            {
              name: `start ${step.voter}`,
              steps: nodes.flatMap(work => (work.node.id === here?.nodeId ? walk.to(work, work.prepared) : [])),
            },
          ]
        case 'promote':
          return [
            { name: `give ${step.voter} its vote`, steps: [act] },
            { name: `wait for ${step.voter}`, steps: here === undefined ? [] : [awaiting([here])] },
            { name: `${step.voter} votes`, steps: [{ kind: 'mark-voters', joined: [step.voter], left: [] }] },
          ]
        default:
          return assertNever(step.kind)
      }
    })
}

/** When everything else is in place: voters that are well leave, one at a time, and are stopped. */
export function outgoingVoters({ input, nodes }: Omit<Given, 'walk'>): readonly PlanPhase[] {
  const { allocations, snapshot } = input
  const { etcd } = allocations
  if (etcd === null || etcd.leaving === undefined || etcd.leaving.length === 0) return []
  const left = etcd.leaving.map(({ name }) => name)
  const stay = etcd.members.filter(({ nodeId }) =>
    snapshot.nodes.some(({ id, state }) => id === nodeId && state !== 'silent'),
  )
  const goodbyes = stepsOf(etcd, snapshot).slice(firstGoodbye(etcd, snapshot))
  return [
    ...goodbyes.flatMap((step): readonly PlanPhase[] => [
      {
        name: `${step.voter} leaves etcd`,
        steps: [{ kind: 'change-voter', change: changeOf(step, etcd, snapshot), via: doorsOf(etcd, snapshot) }],
      },
      { name: 'wait for etcd', steps: [awaiting(stay)] },
    ]),
    {
      name: 'stop voters that left',
      steps: etcd.leaving.flatMap(member => stopSteps(member, input, nodes).slice(0, 1)),
    },
    { name: 'forget them', steps: etcd.leaving.flatMap(member => stopSteps(member, input, nodes).slice(1)) },
    { name: 'mark voters', steps: [{ kind: 'mark-voters', joined: [], left }] },
  ]
}

export function leavingVoters({ allocations }: Pick<WorkInput, 'allocations'>): readonly EtcdMember[] {
  return allocations.etcd?.leaving ?? []
}

function stepsOf(etcd: EtcdAllocation, snapshot: Snapshot): readonly VoterStep[] {
  return [...changeVoters(voterState(etcd, snapshot), wantedVoters(etcd))]
}

/** Where those that are well begin to leave. */
function firstGoodbye(etcd: EtcdAllocation, snapshot: Snapshot): number {
  const { well } = voterState(etcd, snapshot)
  const steps = stepsOf(etcd, snapshot)
  const index = steps.findIndex(({ kind, voter }) => kind === 'remove' && well.includes(voter))
  return index < 0 ? steps.length : index
}

function changeOf({ kind, voter }: VoterStep, etcd: EtcdAllocation, snapshot: Snapshot): EtcdChange {
  if (kind === 'remove') return { do: 'remove', name: voter }
  const member = etcd.members.find(({ name }) => name === voter)
  const address = snapshot.nodes.find(({ id }) => id === member?.nodeId)?.address ?? ''
  return { do: kind, name: voter, peerUrl: etcdPeerUrl(address) }
}

/** Voters first, then newcomers, who are voters by the time that somebody leaves; then those that leave. */
function doorsOf(etcd: EtcdAllocation, { nodes }: Snapshot): readonly EtcdDoor[] {
  const [joining, voting] = [true, false].map(isJoining =>
    etcd.members.filter(member => (member.joining === true) === isJoining),
  )
  return [...(voting ?? []), ...(joining ?? []), ...(etcd.leaving ?? [])].flatMap(({ name, nodeId }) => {
    const node = nodes.find(({ id, state }) => id === nodeId && state !== 'silent')
    return node === undefined ? [] : [{ nodeId, etcd: etcdWatch({ name, address: node.address }) }]
  })
}

/** First with etcd stopped and its configuration gone, then with no word of it. Its data stay, and are never used again: names are not. */
function stopSteps(member: EtcdMember, { snapshot }: WorkInput, works: readonly NodeWork[]): readonly PlanStep[] {
  const node = snapshot.nodes.find(({ id }) => id === member.nodeId)
  if (node === undefined || (node.state !== 'ready' && node.state !== 'draining')) return []
  const last = works.find(work => work.node.id === node.id)?.final ?? node.manifest
  if (last === undefined) return []
  return [withoutEtcd(last), last].map(manifest => ({ kind: 'converge', nodeId: node.id, manifest, final: false }))
}

function withoutEtcd(manifest: Manifest): Manifest {
  const gone = [ETCD_CONFIG, tlsPaths('etcd').directory]
  const { etcd: _etcd, ...watches } = manifest.watches
  return {
    ...manifest,
    files: manifest.files.filter(({ path }) => path !== ETCD_CONFIG),
    units: [...manifest.units.filter(({ name }) => name !== ETCD_UNIT), stoppedUnit(ETCD_UNIT)],
    leftovers: [...(manifest.leftovers ?? []), ...gone.map(path => ({ path }))],
    watches,
  }
}

function awaiting(members: readonly EtcdMember[]): PlanStep {
  return {
    kind: 'await',
    condition: { kind: 'etcd-healthy', members: members.map(({ name, nodeId }) => ({ name, nodeId })) },
    timeoutMs: HEALTHY_TIMEOUT,
  }
}
