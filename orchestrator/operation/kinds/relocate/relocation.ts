import type { ClusterName, InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import type { Plan, PlanIntent } from '../../../../shared/domain/plan.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../../shared/domain/spec.ts'
import { putAppliedSettings, putAppliedSpec } from '../../../inventory/fleet-state.ts'
import type { Mutation } from '../../../store/store.ts'
import type { FleetAccess } from '../../dependencies.ts'
import type { Program, ProgramResult, ProgramStep } from '../../program.ts'
import { createApply } from '../apply.ts'
import type { Prepared, RequestDesk } from '../requested-kind.ts'
import { type SwitchoverInput, switchover } from '../switchover/switchover.ts'
import { handoversFor } from './handovers.ts'
import { relocationLocks } from './relocation-locks.ts'
import { type Supposition, supposing } from './supposing.ts'

/** Members that others replace, on other nodes. */
export interface RelocationInput {
  /** Primaries that leave hand over first. */
  readonly handovers: readonly SwitchoverInput[]
  /** Made for the time after that. */
  readonly plan: Plan
  readonly moves: readonly Move[]
  /** Nothing new comes to it from then on. */
  readonly drained?: NodeId
}

export interface Move {
  readonly cluster: ClusterName
  readonly from: InstanceName
  /** Absent: nobody takes its place. */
  readonly to?: InstanceName
  readonly node?: string
}

const apply = createApply({ putAppliedSpec, putAppliedSettings })

/**
 * Moves members: primaries hand over, unnoticed; then the plan: newcomers are cloned while all others stay, and when they stream, and
 * confirm commits where that is asked for, the old ones are withdrawn and stopped. A primary that does not hand over leaves everything as it
 * was: who the members are is decided after that. What fails later is not taken back: a resume goes on.
 */
export async function relocate(
  { handovers, plan, drained }: RelocationInput,
  op: Program,
): Promise<Pick<ProgramResult<null>, 'alongside'>> {
  for (const handover of handovers) {
    const within: Program = {
      ...op,
      phase: name => op.phase(`hand over ${handover.cluster}: ${name}`),
      // Taking a switchover back is only to release poolers, which does no harm at any time: the whole can always be resumed.
      pivot: async () => undefined,
    }
    await switchover.run(handover, within)
    // Poolers that were released are let alone: some are stopped in the end.
    op.keep()
  }
  if (handovers.length > 0) {
    op.phase('decide')
    await op.step(decide(plan, drained))
  }
  const { alongside } = await apply.run(plan, op)
  return alongside === undefined ? {} : { alongside }
}

/** What the plan decides, once nothing stands in its way any more. */
function decide(plan: Plan, drained: NodeId | undefined): ProgramStep<null> {
  return {
    title: 'decide who the members are',
    async act({ fleet }) {
      return { result: null, detail: '', alongside: await decisionsOf(plan, drained, fleet) }
    },
  }
}

async function decisionsOf(
  plan: Plan,
  drained: NodeId | undefined,
  fleet: Pick<FleetAccess, 'putAllocations' | 'putExplanations' | 'putNodeState'>,
): Promise<readonly Mutation[]> {
  return [
    fleet.putAllocations(plan.allocations),
    fleet.putExplanations(plan),
    ...(drained === undefined ? [] : await fleet.putNodeState(drained, 'draining')),
  ]
}

/** Plans everything; where no primary has to hand over, it is decided at once. Errors: `conflict` with what speaks against it. */
export async function prepareRelocation(
  wanted: {
    readonly spec: FleetSpec
    readonly snapshot: Snapshot
    readonly instances: readonly InstanceName[]
    readonly drained?: NodeId
    readonly gone?: NodeId
    readonly to?: PlanIntent['to']
    /** 0: clients of poolers that stop are not waited for. */
    readonly waitClientsMs?: number
  },
  desk: RequestDesk,
): Promise<Pick<Prepared<RelocationInput>, 'clusters' | 'locks' | 'input' | 'decisions'>> {
  const { spec, snapshot, instances, drained, gone, to, waitClientsMs = 0 } = wanted
  const handovers = gone === undefined ? handoversFor(instances, spec, snapshot) : []
  const supposition: Supposition = {
    ...(drained === undefined ? {} : { drained }),
    ...(gone === undefined ? {} : { gone }),
    led: Object.fromEntries(handovers.map(handover => [handover.cluster, handover.to])),
  }
  const intent = {
    replace: instances,
    ...(to === undefined ? {} : { to }),
    ...(waitClientsMs === 0 ? {} : { waitClientsMs }),
  }
  const plan = await desk.plan({ spec, intent, suppose: now => supposing(now, supposition) })
  const moves = movesOf(instances, snapshot, plan)
  return {
    clusters: [...new Set(moves.map(({ cluster }) => cluster))],
    locks: relocationLocks(plan, await desk.fleet.manifests()),
    input: { handovers, plan, moves, ...(drained === undefined ? {} : { drained }) },
    decisions: handovers.length > 0 ? [] : await decisionsOf(plan, drained, desk.fleet),
  }
}

function movesOf(instances: readonly InstanceName[], { allocations, nodes }: Snapshot, plan: Plan): readonly Move[] {
  return Object.entries(allocations.clusters).flatMap(([cluster, { members }]) => {
    const leavers = members.filter(({ instance }) => instances.includes(instance))
    const newcomers = (plan.allocations.clusters[cluster]?.members ?? []).filter(
      ({ instance }) => !members.some(member => member.instance === instance),
    )
    return leavers.map((leaver): Move => {
      const index = newcomers.findIndex(({ group }) => group === leaver.group)
      const [newcomer] = index < 0 ? [] : newcomers.splice(index, 1)
      const node = nodes.find(({ id }) => id === newcomer?.nodeId)?.name
      return {
        cluster,
        from: leaver.instance,
        ...(newcomer === undefined ? {} : { to: newcomer.instance }),
        ...(node === undefined ? {} : { node }),
      }
    })
  })
}
