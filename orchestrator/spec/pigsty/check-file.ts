import type { Problem } from '../../../shared/domain/problem.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { checkRules } from '../check-rules.ts'
import { type FleetFileInput, fleetFile } from '../schema.ts'
import { schemaProblems } from '../schema-problems.ts'
import type { Source } from '../source.ts'
import { toFleetSpec } from '../to-fleet-spec.ts'

/** What Drover says to a fleet file that stands in no text: problems have paths, but no lines. */
export function checkFile(file: FleetFileInput): readonly Problem[] {
  const source: Source = { data: file, position: () => undefined, keyPosition: () => undefined }
  return [...schemaProblems(source), ...checkRules(source)]
}

/** The file with its defaults; it must have no errors. */
export function specOf(file: FleetFileInput, lineOfCluster: (index: number) => number | undefined): FleetSpec {
  return toFleetSpec(fleetFile.parse(file), lineOfCluster)
}
