import type { PlanStep } from '../../../shared/domain/plan.ts'
import { plural } from '../../plan/problems.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** Makes sure that the fleet repository holds the pinned packages of one OS with their dependencies. */
export async function fillPackages(
  step: Extract<PlanStep, { kind: 'fill-packages' }>,
  context: StepContext,
): Promise<StepResult> {
  const { os, packages } = step
  await context.shelf.fill({ os, packages, signal: context.signal, onProgress: context.progress })
  return { detail: `${plural(packages.length, 'package')} for ${os} with what they depend on` }
}
