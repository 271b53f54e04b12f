import type { Failure } from '../../shared/domain/operation.ts'
import type { BackOff, ProgramStep } from './program.ts'
import type { StepRecord } from './record.ts'

const ATTEMPTS = 3
const BACK_OFF: BackOff = { firstMs: 2000, factor: 2, longestMs: 30_000 }

/** For looks that can be repeated, while somebody waits: at once, as soon as an agent that died is back. */
export const QUICKLY = { attempts: 3, backOff: { firstMs: 100, factor: 2, longestMs: 500 } } as const

type Policy = Pick<ProgramStep<unknown>, 'attempts' | 'backOff' | 'deadlineMs'>

/** Whether a step that has failed like this is tried once more. Counts over restarts, from the attempt with which it was begun or resumed. Pure. */
export function mayTryAgain({
  step,
  record,
  failure,
  now,
}: {
  readonly step: Policy
  readonly record: Pick<StepRecord, 'status' | 'begunAt' | 'firstAttempt'>
  readonly failure: Pick<Failure, 'retryable'>
  readonly now: number
}): boolean {
  return failure.retryable && triesOf(record) < (step.attempts ?? ATTEMPTS) && !isOutOfTime(step, record, now)
}

/** Before the attempt that the record now stands at. */
export function delayBefore(
  step: Policy,
  record: { readonly status: { readonly attempt: number }; readonly firstAttempt?: number },
): number {
  const { firstMs, factor, longestMs } = step.backOff ?? BACK_OFF
  return Math.min(longestMs, firstMs * factor ** Math.max(0, triesOf(record) - 2))
}

/** Of the step's own time, counted on the wall's clock from its first attempt: it goes on while nobody works on it. */
export function remainingMs(step: Policy, record: Pick<StepRecord, 'begunAt'>, now: number): number {
  if (step.deadlineMs === undefined) return Number.POSITIVE_INFINITY
  return (record.begunAt ?? now) + step.deadlineMs - now
}

export function isOutOfTime(step: Policy, record: Pick<StepRecord, 'begunAt'>, now: number): boolean {
  return remainingMs(step, record, now) <= 0
}

/** The attempt that it stands at, since it was begun or resumed: 1, 2, … */
function triesOf({
  status,
  firstAttempt = 1,
}: {
  readonly status: { readonly attempt: number }
  readonly firstAttempt?: number
}): number {
  return status.attempt - firstAttempt + 1
}
