import { DroverError } from '../../../shared/domain/errors.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { deadlineController } from '../../../shared/lib/abort.ts'
import { evaluate, restartsOf } from '../conditions.ts'
import type { FleetAccess } from '../dependencies.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** Restarts during one wait after which an instance is not waited for any longer. */
const HOPELESS_RESTARTS = 8
/** systemd waits as long before each (`RestartSec` of the units). */
const RESTART_EVERY_MS = 1_000
const COMPLAINT = /ERROR|FATAL|PANIC|could not|No space left|ermission denied/
const HINT = `the log of the part that is missing says why, for example on its host: journalctl -u 'drover-*' -n 50`

/** What waiting needs of a step's context. */
export interface AwaitContext extends Pick<StepContext, 'clock' | 'signal' | 'progress'> {
  readonly fleet: Pick<FleetAccess, 'observations' | 'observed'>
}

/** Waits until what is observed fulfils a condition; what keeps failing ends the wait early, and a time-out says what is still missing. */
export async function awaitCondition(
  step: Extract<PlanStep, { kind: 'await' }>,
  context: AwaitContext,
): Promise<StepResult> {
  const since = context.clock.monotonic()
  using deadline = deadlineController(step.timeoutMs, context.signal)
  const before = new Map<string, number>()
  const complaints = new Map<string, string>()
  let told = ''
  for (;;) {
    const verdict = evaluate(step.condition, context.fleet.observations())
    const waited = ((context.clock.monotonic() - since) / 1000).toFixed(1)
    if (verdict.met) return { detail: `after ${waited} s` }
    context.signal.throwIfAborted()
    noteComplaints(step, context, complaints)
    const failing = failingInstance(step, context, { before, waitedMs: context.clock.monotonic() - since })
    if (failing !== undefined) {
      const complaint = complaints.get(failing) ?? ''
      const more = complaint === '' || verdict.missing.includes(complaint) ? '' : `; ${complaint}`
      throw new DroverError('failed', `${failing} keeps failing: ${verdict.missing}${more}`, {
        retryable: false,
        hint: HINT,
      })
    }
    if (deadline.signal.aborted)
      throw new DroverError('timeout', `waited ${waited} s: ${verdict.missing}`, { retryable: false, hint: HINT })
    if (verdict.missing !== told) context.progress((told = verdict.missing))
    await context.fleet.observed(deadline.signal)
  }
}

/**
 * The instance that systemd has restarted too often in this wait; notes how often it had before. The first look may be old, so that more restarts
 * than fit into the wait were before it as well: what made them may have been mended since.
 */
function failingInstance(
  { condition }: Extract<PlanStep, { kind: 'await' }>,
  { fleet }: AwaitContext,
  { before, waitedMs }: { readonly before: Map<string, number>; readonly waitedMs: number },
): string | undefined {
  if (condition.kind === 'etcd-healthy') return undefined
  const restarts = [...restartsOf(condition.cluster, fleet.observations())]
  const most = Math.ceil(waitedMs / RESTART_EVERY_MS)
  for (const [name, count] of restarts) before.set(name, Math.max(before.get(name) ?? count, count - most))
  return restarts.find(([name, count]) => count - (before.get(name) ?? 0) >= HOPELESS_RESTARTS)?.[0]
}

/** What an instance complained of last: between two starts, a program that fails is silent for a while. */
function noteComplaints(
  { condition }: Extract<PlanStep, { kind: 'await' }>,
  { fleet }: AwaitContext,
  complaints: Map<string, string>,
): void {
  if (condition.kind === 'etcd-healthy') return
  for (const { instances } of fleet.observations().values())
    for (const { cluster, instance, detail } of instances)
      if (cluster === condition.cluster && detail !== undefined && COMPLAINT.test(detail))
        complaints.set(instance, detail)
}
