import type { CommandArgs, CommandKind, CommandResult } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { NodeId } from '../../../shared/domain/ids.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { findPrimary } from './find-primary.ts'
import { resultOf } from './outcome.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** A disk frees so much slowly; what is cut off goes on where it was. */
const ERASE_TIMEOUT_MS = 6 * 3_600_000
const FORGET_TIMEOUT_MS = 30_000
const RELEASE_TIMEOUT_MS = 120_000

/** Deletes the data of a departed instance. */
export async function eraseInstance(
  step: Extract<PlanStep, { kind: 'erase-instance' }>,
  context: StepContext,
): Promise<StepResult> {
  const { nodeId, args } = step
  const { erased, left } = await command(context, {
    nodeId,
    kind: 'instance.erase',
    args,
    timeoutMs: ERASE_TIMEOUT_MS,
  })
  const outside = left.length === 0 ? '' : `; warning: not below it and therefore left: ${left.join(', ')}`
  return { detail: `${erased ? 'erased' : 'was gone already'}${outside}` }
}

/** Deletes what Patroni keeps in etcd about a cluster, so that another one may have its name; or about a member that left. */
export async function forgetScope(
  step: Extract<PlanStep, { kind: 'forget-scope' }>,
  context: StepContext,
): Promise<StepResult> {
  const { nodeId, cluster, member } = step
  const etcd = (await context.fleet.manifest(nodeId))?.watches.etcd
  if (etcd === undefined) throw new DroverError('stale', 'the node holds no etcd any more: plan again')
  const { clientUrl, caPath, certPath, keyPath } = etcd
  const only = member === undefined ? {} : { member }
  const args = { scope: cluster, ...only, clientUrl, caPath, certPath, keyPath }
  const { deleted } = await command(context, {
    nodeId,
    kind: 'etcd.forget-scope',
    args,
    timeoutMs: FORGET_TIMEOUT_MS,
  })
  return { detail: `${deleted} keys` }
}

/** Lets the primary forget what a member that left would still have to get. */
export async function releaseSlot(
  step: Extract<PlanStep, { kind: 'release-slot' }>,
  context: StepContext,
): Promise<StepResult> {
  const { nodeId, instance } = await findPrimary(step.cluster, context)
  const watch = (await context.fleet.manifest(nodeId))?.watches.instances.find(each => each.instance === instance)
  if (watch === undefined) return { detail: `warning: ${instance} is not in the manifest of its node` }
  const { patroniUrl, caPath, certPath, keyPath, socketDirectory, postgresPort: port } = watch
  const postgres = { instance, socketDirectory, port }
  const args = { instance, patroniUrl, caPath, certPath, keyPath, postgres, member: step.member }
  try {
    const { released } = await command(context, {
      nodeId,
      kind: 'patroni.release-slot',
      args,
      timeoutMs: RELEASE_TIMEOUT_MS,
    })
    return { detail: released ? 'dropped' : 'there was none' }
  } catch (error) {
    context.signal.throwIfAborted()
    return { detail: `warning: ${DroverError.from(error).message}; Patroni drops it within half an hour` }
  }
}

async function command<K extends CommandKind>(
  { runner, operationId, stepId, attempt, signal, progress }: StepContext,
  call: {
    readonly nodeId: NodeId
    readonly kind: K
    readonly args: CommandArgs<K>
    readonly timeoutMs: number
  },
): Promise<CommandResult<K>> {
  const outcome = await runner.run({ ...call, operationId, stepId, attempt, signal, onProgress: progress })
  return resultOf(outcome) as CommandResult<K>
}
