import type { Problem } from '../../shared/domain/problem.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { failure } from './problems.ts'

/** A file of another fleet would make its clusters here, beside those that it does not name. */
export function checkFleet({ fleet: { name } }: FleetSpec, { fleet }: Snapshot): readonly Problem[] {
  if (name === undefined || name === fleet.name) return []
  return [
    failure({
      code: 'other-fleet',
      message: `this file describes the fleet \`${name}\`, and this orchestrator is that of \`${fleet.name}\``,
      hint: `Ask the orchestrator of \`${name}\`, or set \`name: ${fleet.name}\` if the file is meant for this fleet.`,
      path: 'fleet.name',
    }),
  ]
}
