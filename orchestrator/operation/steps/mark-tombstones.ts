import type { PlanStep } from '../../../shared/domain/plan.ts'
import type { Allocations, DepartedMember } from '../../../shared/domain/snapshot.ts'
import { emptied, withoutErased } from '../../plan/departures/erase.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** What is stopped gets its deadline. Repeated, it finds it already there. */
export async function markDeparted(
  { instances }: Extract<PlanStep, { kind: 'mark-departed' }>,
  { fleet, clock }: StepContext,
): Promise<StepResult> {
  const allocations = await allocationsOf(fleet)
  const at = clock.now()
  const departed = (allocations.departed ?? []).map((member): DepartedMember => {
    if (member.stopped !== undefined || !instances.includes(member.instance)) return member
    return { ...member, stopped: { at, eraseAfter: at + member.keepMs } }
  })
  const until = departed.filter(({ instance }) => instances.includes(instance)).flatMap(({ stopped }) => stopped ?? [])
  const [first] = until
  return {
    detail:
      first === undefined ? 'nothing is left of it' : `data kept until ${new Date(first.eraseAfter).toISOString()}`,
    alongside: [fleet.putAllocations({ ...allocations, departed })],
  }
}

/** Their tombstones end; a cluster of which nothing is left is forgotten as if it had never been. */
export async function markErased(
  { instances }: Extract<PlanStep, { kind: 'mark-erased' }>,
  { fleet }: StepContext,
): Promise<StepResult> {
  const allocations = await allocationsOf(fleet)
  const gone = (allocations.departed ?? []).filter(({ instance }) => instances.includes(instance))
  const clusters = emptied(allocations, gone)
  return {
    detail: `${gone.length} erased${clusters.length === 0 ? '' : `, nothing is left of ${clusters.join(', ')}`}`,
    alongside: [
      fleet.putAllocations(withoutErased(allocations, instances)),
      ...clusters.map(cluster => fleet.forgetBootstrapped(cluster)),
    ],
  }
}

export async function markStarted(
  { cluster }: Extract<PlanStep, { kind: 'mark-started' }>,
  { fleet }: StepContext,
): Promise<StepResult> {
  const allocations = await allocationsOf(fleet)
  const allocation = allocations.clusters[cluster]
  if (allocation === undefined) return { detail: 'it is no more' }
  const { hibernated: _hibernated, ...awake } = allocation
  return {
    detail: 'runs',
    alongside: [fleet.putAllocations({ ...allocations, clusters: { ...allocations.clusters, [cluster]: awake } })],
  }
}

async function allocationsOf(fleet: StepContext['fleet']): Promise<Allocations> {
  return (await fleet.snapshot({})).allocations
}
