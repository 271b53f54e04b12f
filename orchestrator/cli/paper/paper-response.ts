import type { PlanResponse__Output } from '../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Plan } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { messageType } from '../../../shared/wire/definitions.ts'
import { encodePlan } from '../../api/encode-plan.ts'
import type { PaperFleet } from './read-facts-file.ts'

/** The plan as the API would have sent it, with what was taken as given said. */
export function paperResponse(plan: Plan, fleet: PaperFleet, warnings: readonly Problem[]): PlanResponse__Output {
  const names = new Map(fleet.nodes.map(({ id, name }) => [id, name]))
  const { serialize, deserialize } = messageType('PlanResponse')
  const complete = { ...withAssumptions(plan, fleet), problems: [...plan.problems, ...warnings] }
  return deserialize(serialize(encodePlan(complete, names)))
}

/** A fact of a host that no agent has seen is marked wherever it decided something. */
function withAssumptions(plan: Plan, { assumed }: PaperFleet): Plan {
  const mark = <T extends { readonly from: string }>(each: T): T => ({
    ...each,
    from: each.from.replaceAll(/\bof ([A-Za-z0-9.-]*[A-Za-z0-9])/g, (text, name: string) =>
      assumed.has(name) ? `${text} (assumed)` : text,
    ),
  })
  return { ...plan, settings: plan.settings.map(mark), kernel: plan.kernel.map(mark) }
}
