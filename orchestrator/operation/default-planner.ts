import { requiredPackages } from '../plan/packages.ts'
import { plan } from '../plan/plan.ts'
import { renderer } from '../plan/render/renderer.ts'
import { parseSpec } from '../spec/parse-spec.ts'
import type { Planner } from './make-plan.ts'

/** The pipeline's pure stages, as they are shipped. */
export const defaultPlanner: Planner = {
  parse: parseSpec,
  requiredPackages,
  plan: ({ spec, snapshot }) => plan({ spec, snapshot, renderer }),
}
