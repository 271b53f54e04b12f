import type { PlanResponse__Output } from '../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { defaultPlanner } from '../../operation/default-planner.ts'
import { type PlanRequest, planAgainst } from '../../operation/make-plan.ts'
import { paperResponse } from './paper-response.ts'
import { paperSnapshot } from './paper-snapshot.ts'
import { readFactsFile } from './read-facts-file.ts'

/**
 * A plan for empty hosts of a facts file, made in this process: no orchestrator is asked. The answer is what the API
 * would give. Throws `invalid` with every problem of the facts file or of the spec.
 */
export async function planOnPaper(
  request: Omit<PlanRequest, 'signal'> & { readonly facts: { readonly text: string; readonly fileName: string } },
): Promise<PlanResponse__Output> {
  const fleet = readFactsFile(request.facts.text, request.facts.fileName)
  const warnings: Problem[] = []
  const plan = await planAgainst(request, {
    planner: defaultPlanner,
    snapshotFor: async spec => {
      const paper = paperSnapshot(spec, fleet)
      warnings.push(...paper.warnings)
      return paper.snapshot
    },
  })
  return paperResponse(plan, fleet, warnings)
}
