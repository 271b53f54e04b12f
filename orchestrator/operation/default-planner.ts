import { requiredPackages } from '../plan/packages.ts'
import { plan } from '../plan/plan.ts'
import { renderer } from '../plan/render/renderer.ts'
import { parseAny } from '../spec/parse-any.ts'
import type { Planner } from './make-plan.ts'

/** The pipeline's pure stages, as they are shipped. */
export const defaultPlanner: Planner = {
  parse: parseAny,
  requiredPackages,
  plan: input => plan({ ...input, renderer }),
}
