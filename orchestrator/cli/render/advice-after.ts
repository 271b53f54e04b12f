import type { Operation__Output } from '../../../proto/gen/drover/v1/Operation.ts'

/**
 * What is so after an operation that failed or was cancelled, and what to do. Only what a step knows how to undo is taken back:
 * a member that was restarted stays so, although clients that were held for it have been let go. Pure.
 */
export function adviceAfter({ summary, phases, failure, rolledBack }: AfterOperation): string {
  const steps = phases.flatMap(phase => phase.steps)
  const undone = [...new Set(steps.filter(({ state }) => state === 'compensated').map(({ title }) => title))]
  const hint = failure?.hint === undefined || failure.hint === '' ? '' : `hint: ${failure.hint}\n`
  if (!rolledBack)
    return `${hint}what is done stays done; mend the cause, then apply again or: drover operation resume ${summary?.operationId ?? ''}\n`
  const taken = undone.length === 0 ? '' : `taken back: ${undone.join(', ')}; `
  return `${hint}${taken}what ${undone.length === 0 ? 'is' : 'else is'} done stays done; mend the cause, then start it again\n`
}

type AfterOperation = Pick<Operation__Output, 'failure' | 'rolledBack'> & {
  readonly summary: Pick<NonNullable<Operation__Output['summary']>, 'operationId'> | null
  readonly phases: readonly {
    readonly steps: readonly Pick<Operation__Output['phases'][number]['steps'][number], 'title' | 'state'>[]
  }[]
}
