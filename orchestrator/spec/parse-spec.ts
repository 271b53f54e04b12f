import type { Problem } from '../../shared/domain/problem.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { checkReferences } from './check-references.ts'
import { fleetFile } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'
import { readSource } from './source.ts'
import { toFleetSpec } from './to-fleet-spec.ts'

export interface ParsedSpec {
  readonly spec: FleetSpec
  /** Warnings only. */
  readonly problems: readonly Problem[]
}

/**
 * A fleet file as a spec, or everything that is wrong with it at once, in the order of the file.
 * Each problem carries path, line and column; `file` prefixes the message of a problem that has no line.
 */
export function parseSpec(text: string, fileName: string): ParsedSpec | readonly Problem[] {
  const source = readSource(text)
  if (!('data' in source))
    return source.map(problem =>
      problem.line === undefined ? { ...problem, message: `${fileName}: ${problem.message}` } : problem,
    )
  const problems = [...schemaProblems(source), ...checkReferences(source)].sort(inFileOrder)
  if (problems.some(problem => problem.severity === 'error')) return problems
  const spec = toFleetSpec(fleetFile.parse(source.data), index => source.position(['clusters', index])?.line)
  return { spec, problems }
}

function inFileOrder(left: Problem, right: Problem): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0)
}
