import type { OperationDetails, OperationStepView } from './operation.ts'

/** A stretch of an operation's time, in milliseconds. */
export interface Span {
  /** After the operation was asked for. */
  readonly startMs: number
  /** Up to now when it has not ended. */
  readonly tookMs: number
  /** Of the chain of steps, each waiting for the one before, that ends last: only these are worth making faster. */
  readonly onLongestPath: boolean
}

/** Where the time of an operation went. Steps that have not begun have no span. */
export interface Timeline {
  readonly tookMs: number
  /** In the order of the operation's phases; null: none of its steps has begun. */
  readonly phases: readonly (Span | null)[]
  readonly steps: ReadonlyMap<string, Span>
}

interface Stretch {
  readonly stepId: string
  readonly start: number
  readonly end: number
}

/** Pure; `now` in Unix milliseconds. */
export function timelineOf({ summary, phases }: OperationDetails, now: number): Timeline {
  const stretches = new Map(
    phases
      .flatMap(({ steps }) => steps.flatMap(step => stretchOf(step, now)))
      .map(each => [each.stepId, each] as const),
  )
  const longest = longestPath([...stretches.values()])
  const spanOf = (start: number, end: number, onLongestPath: boolean): Span => ({
    startMs: Math.max(0, start - summary.createdAt),
    tookMs: Math.max(0, end - start),
    onLongestPath,
  })
  return {
    tookMs: Math.max(0, (summary.endedAt ?? now) - summary.createdAt),
    steps: new Map(
      [...stretches.values()].map(({ stepId, start, end }) => [stepId, spanOf(start, end, longest.has(stepId))]),
    ),
    phases: phases.map(({ steps }) => {
      const begun = steps.flatMap(({ stepId }) => stretches.get(stepId) ?? [])
      if (begun.length === 0) return null
      const start = Math.min(...begun.map(each => each.start))
      const end = Math.max(...begun.map(each => each.end))
      return spanOf(
        start,
        end,
        begun.some(({ stepId }) => longest.has(stepId)),
      )
    }),
  }
}

function stretchOf(step: OperationStepView, now: number): Stretch[] {
  const start = step.begunAt ?? step.startedAt
  if (start === undefined) return []
  return [{ stepId: step.stepId, start, end: Math.max(start, step.endedAt ?? now) }]
}

/**
 * Backwards from the step that ended last: each time the one that had ended last when it began, of those that ended at the same time the
 * longest. One pass over the steps by their end: an upgrade of a large fleet has thousands.
 */
function longestPath(stretches: readonly Stretch[]): ReadonlySet<string> {
  const path = new Set<string>()
  let before = Number.POSITIVE_INFINITY
  for (const { stepId, start, end } of stretches.toSorted(
    (left, right) => right.end - left.end || left.start - right.start,
  )) {
    if (end > before) continue
    path.add(stepId)
    before = start
  }
  return path
}
