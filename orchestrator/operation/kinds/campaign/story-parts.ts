import type { PhaseSpan } from '../../../../shared/domain/campaign.ts'
import type { CampaignStory, ClusterStory, WaveStory } from '../../../../shared/domain/campaign-story.ts'
import type { OperationId } from '../../../../shared/domain/ids.ts'
import type { OperationDetails } from '../../../../shared/domain/operation.ts'
import type { StepRecord } from '../../record.ts'
import { phaseSpans } from './phase-spans.ts'
import type { Turn } from './turn.ts'

/** What the journal has of a campaign. `children`: operations of its units that are under way, as far as they are known. */
export interface StoryParts {
  readonly steps: readonly StepRecord[]
  /** The first step of a title: a large campaign has thousands, and each unit asks for some of its own. */
  readonly titled: ReadonlyMap<string, StepRecord>
  readonly children: ReadonlyMap<OperationId, OperationDetails>
}

export function storyParts(given: Omit<StoryParts, 'titled'>): StoryParts {
  return { ...given, titled: new Map(given.steps.toReversed().map(step => [step.title, step])) }
}

/** The waves of a campaign, and what became of whom. */
export type Told = Pick<CampaignStory, 'waves' | 'clusters'>

/** Pure. */
export function waveStory(name: string, steps: readonly StepRecord[]): WaveStory {
  const own = steps.filter(step => step.phase === name)
  const watch = steps.filter(step => step.phase === `${name}: watch`)
  const begunAt = earliest(own)
  if (begunAt === undefined) return { name }
  const watchedAt = earliest(watch)
  const ends = [...own, ...watch].map(endOf)
  const isOver = ends.every(end => end !== undefined)
  return {
    name,
    begunAt,
    ...(watchedAt === undefined ? {} : { watchedAt }),
    ...(isOver ? { endedAt: Math.max(...ends) } : {}),
  }
}

/**
 * How far one is that takes its turn as an operation of its own, until its report is there. Its operation outlives a campaign that
 * somebody has ended. Pure.
 */
export function turnStory(
  what: string,
  { titled, children }: Pick<StoryParts, 'titled' | 'children'>,
): Pick<ClusterStory, 'state' | 'because' | 'operationId' | 'begunAt' | 'endedAt' | 'phases'> {
  const turn = answerOf<Turn>(titled.get(`begin ${what}`))
  if (turn === undefined) return { state: 'waiting', phases: [] }
  if (turn.operationId === null) return { state: turn.result, because: turn.because, phases: [] }
  const { operationId } = turn
  const child = children.get(operationId)
  if (child === undefined) return { state: 'running', operationId, phases: [] }
  const { state, createdAt: begunAt, endedAt } = child.summary
  const told = { operationId, begunAt, phases: phaseSpans(child) }
  if (endedAt === undefined) return { state: 'running', ...told }
  if (state === 'done') return { state: 'upgraded', endedAt, ...told }
  return { state: 'failed', because: child.failure?.message ?? `it was ${state}`, endedAt, ...told }
}

/** Of one cluster, or host, without which one it is. */
export type StoryOfOne = Omit<ClusterStory, 'cluster' | 'wave'>

/** The story of one that may be taken back after its wave: why, with figures, how that went, and how long it took. Pure. */
export function withWayBack(
  story: StoryOfOne,
  { name, what, wave }: { readonly name: string; readonly what: string; readonly wave: string },
  { steps, titled }: Pick<StoryParts, 'steps' | 'titled'>,
): StoryOfOne {
  const back = titled.get(`take ${what} back`)
  if (back === undefined) return story
  const watches = steps.filter(({ phase }) => phase === `${wave}: watch`)
  const why = watches.flatMap(watch => answerOf<Readonly<Record<string, string>>>(watch)?.[name] ?? [])
  const said = [...why, ...[answerOf<string>(back)].filter(part => part !== undefined)]
  const { endedAt: _upgradedAt, ...told } = story
  const endedAt = endOf(back)
  return {
    ...told,
    state: 'back',
    ...(said.length === 0 ? {} : { because: said.join('; ') }),
    phases: [
      ...story.phases,
      ...[spanOf([back], { kind: 'back', name: 'roll back' })].filter(span => span !== undefined),
    ],
    ...(endedAt === undefined ? {} : { endedAt }),
  }
}

/** Operations of those that have begun and not ended. Pure. */
export function underWay(steps: readonly StepRecord[]): readonly OperationId[] {
  const ended = new Set(steps.flatMap(({ title, status }) => (status.state === 'done' ? [title] : [])))
  return steps.flatMap(step => {
    const what = /^begin (.+)$/.exec(step.title)?.[1]
    const turn = answerOf<Partial<Turn>>(step)
    if (what === undefined || turn?.operationId === undefined || turn.operationId === null) return []
    return ended.has(`upgrade ${what}`) ? [] : [turn.operationId]
  })
}

/** What a step that is done has given. */
export function answerOf<Result>(step: StepRecord | undefined): Result | undefined {
  return step?.status.state === 'done' ? (step.status.result as Result) : undefined
}

/** From the first of some steps to the last; undefined: none has begun. Pure. */
export function spanOf(
  steps: readonly StepRecord[],
  { kind, name }: Pick<PhaseSpan, 'kind' | 'name'>,
): PhaseSpan | undefined {
  const begunAt = earliest(steps)
  if (begunAt === undefined) return undefined
  const ends = steps.map(endOf)
  return { kind, name, begunAt, ...(ends.every(end => end !== undefined) ? { endedAt: Math.max(...ends) } : {}) }
}

export function endOf({ status }: StepRecord): number | undefined {
  return 'endedAt' in status ? status.endedAt : undefined
}

function earliest(steps: readonly StepRecord[]): number | undefined {
  const begun = steps.flatMap(step => step.begunAt ?? [])
  return begun.length === 0 ? undefined : Math.min(...begun)
}
