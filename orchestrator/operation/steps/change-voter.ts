import type { CommandResult } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { EtcdDoor, PlanStep } from '../../../shared/domain/plan.ts'
import { withVotersMarked } from '../../plan/voters/mark.ts'
import { resultOf } from './outcome.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** A learner copies all of etcd first. */
const TIMEOUT_MS = 5 * 60_000
const WAIT_MS = 60_000

/** One change of etcd's membership, through the first voter that is well. */
export async function changeVoter(
  step: Extract<PlanStep, { kind: 'change-voter' }>,
  context: StepContext,
): Promise<StepResult> {
  const { nodeId, etcd } = await findDoor(step, context)
  const { name: _name, ...target } = etcd
  const outcome = await context.runner.run({
    nodeId,
    kind: 'etcd.change-member',
    args: { ...target, change: step.change },
    operationId: context.operationId,
    stepId: context.stepId,
    attempt: context.attempt,
    timeoutMs: TIMEOUT_MS,
    signal: context.signal,
    onProgress: context.progress,
  })
  const { members } = resultOf(outcome) as CommandResult<'etcd.change-member'>
  return { detail: `members: ${members.join(', ')}` }
}

/** Nobody is asked to remove itself while another one could be. */
async function findDoor(
  { via, change }: Extract<PlanStep, { kind: 'change-voter' }>,
  { fleet, signal }: StepContext,
): Promise<EtcdDoor> {
  const doors = via.toSorted(
    (left, right) => Number(left.etcd.name === change.name) - Number(right.etcd.name === change.name),
  )
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)])
  for (;;) {
    const observations = fleet.observations()
    const door = doors.find(({ nodeId }) => observations.get(nodeId)?.etcd?.healthy === true)
    const reachable = doors.find(({ nodeId }) => observations.has(nodeId))
    if (door !== undefined) return door
    signal.throwIfAborted()
    if (deadline.aborted) {
      // A voter whose watch has gone from its node's manifest is not observed, and yet it may answer.
      if (reachable !== undefined) return reachable
      throw new DroverError('unavailable', 'no voter of etcd is well', { hint: 'drover status' })
    }
    await fleet.observed(deadline)
  }
}

/** What the change came to is kept. */
export async function markVoters(
  step: Extract<PlanStep, { kind: 'mark-voters' }>,
  { fleet }: StepContext,
): Promise<StepResult> {
  const { allocations } = await fleet.snapshot({})
  if (allocations.etcd === null) return { detail: 'there is no etcd' }
  const etcd = withVotersMarked(allocations.etcd, step)
  return {
    detail: `voters: ${etcd.members.map(({ name }) => name).join(', ')}`,
    alongside: [fleet.putAllocations({ ...allocations, etcd })],
  }
}
