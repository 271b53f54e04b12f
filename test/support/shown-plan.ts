import { encodePlan } from '../../orchestrator/api/encode-plan.ts'
import { renderPlan } from '../../orchestrator/cli/render/plan.ts'
import type { PlanDraft } from '../../orchestrator/plan/plan.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import { messageType } from '../../shared/wire/definitions.ts'

/** What `drover plan` prints off a terminal: through the wire, as the command gets it. */
export function shownPlan(draft: PlanDraft, snapshot: Snapshot): string {
  const nodeNames = new Map(snapshot.nodes.map(({ id, name }) => [id, name]))
  const { serialize, deserialize } = messageType('PlanResponse')
  const plan = deserialize(serialize(encodePlan({ ...draft, planId: 'id' }, nodeNames)))
  const output = { write: () => undefined, interactive: false, color: false, columns: 100 }
  return renderPlan(output, plan, { explain: false })
}
