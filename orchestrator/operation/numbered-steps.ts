import type { Plan, PlanStep } from '../../shared/domain/plan.ts'

export interface NumberedStep {
  readonly id: string
  readonly phase: string
  readonly step: PlanStep
}

/** Steps by id, in order. Ids are positions, `03-01`, so that a plan read back from the journal numbers them the same. */
export function numberedSteps(plan: Pick<Plan, 'phases'>): ReadonlyMap<string, NumberedStep> {
  const numbered = plan.phases.flatMap((phase, phaseIndex) =>
    phase.steps.map((step, stepIndex) => ({
      id: stepIdOf(phaseIndex + 1, stepIndex + 1),
      phase: phase.name,
      step,
    })),
  )
  return new Map(numbered.map(entry => [entry.id, entry]))
}

/** Both count from 1. */
export function stepIdOf(phase: number, step: number): string {
  return `${twoDigits(phase)}-${twoDigits(step)}`
}

/** Keys are read back in key order; a phase has fewer than 10,000 steps. */
export function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
