import type { Problem } from '../../shared/domain/problem.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { checkRules } from './check-rules.ts'
import { fleetFile } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'
import { type Path, type Position, readSource, type Source } from './source.ts'
import { toFleetSpec } from './to-fleet-spec.ts'

export interface ParsedSpec {
  readonly spec: FleetSpec
  /** Warnings only. */
  readonly problems: readonly Problem[]
  /** The problem with the line and column of its path, or of the nearest thing above it that the file has. */
  locate(problem: Problem): Problem
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
  const problems = [...schemaProblems(source), ...checkRules(source)].sort(inFileOrder)
  if (problems.some(problem => problem.severity === 'error')) return problems
  const spec = toFleetSpec(fleetFile.parse(source.data), index => source.position(['clusters', index])?.line)
  return { spec, problems, locate: problem => ({ ...problem, ...placeOf(source, problem.path) }) }
}

/** The key, not its value, is where a person looks for `parameters.port`. */
function placeOf(source: Source, path: string | undefined): Partial<Position> {
  const steps = [...(path ?? '').matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([word, index]) =>
    index === undefined ? word : Number(index),
  )
  const present = steps.slice(0, depthOf(source.data, steps))
  const last = present.at(-1)
  if (last === undefined) return {}
  return (typeof last === 'string' ? source.keyPosition(present.slice(0, -1), last) : source.position(present)) ?? {}
}

/** How many steps of a path the data has. */
function depthOf(data: unknown, [step, ...rest]: Path): number {
  if (step === undefined || typeof data !== 'object' || data === null || !Object.hasOwn(data, step)) return 0
  return 1 + depthOf((data as Readonly<Record<string | number, unknown>>)[step], rest)
}

function inFileOrder(left: Problem, right: Problem): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0)
}
