import type { ClusterReport, Wave } from '../../shared/domain/campaign.ts'
import type { CampaignStory, ClusterStory, WaveStory } from '../../shared/domain/campaign-story.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { ClusterName, OperationId } from '../../shared/domain/ids.ts'
import type { OperationDetails } from '../../shared/domain/operation.ts'
import type { Journal } from './journal.ts'
import type { CampaignInput } from './kinds/campaign/campaign.ts'
import { phaseSpans } from './kinds/campaign/phase-spans.ts'
import type { Turn } from './kinds/campaign/steps.ts'
import { detailsOf, type OperationRecord, type StepRecord } from './record.ts'

const KIND = 'upgrade'
/** All that are: a campaign is older than the upgrades of its clusters. */
const REMEMBERED = 2_000

/** Of an upgrade of the fleet, the newest unless one is named. Throws `not-found`. */
export async function readCampaignStory(
  wanted: OperationId | undefined,
  given: {
    readonly journal: Pick<Journal, 'list' | 'operation' | 'input' | 'steps'>
    readonly now: number
  },
): Promise<CampaignStory> {
  const { journal, now } = given
  const record =
    wanted === undefined
      ? (await journal.list(REMEMBERED)).find(({ kind }) => kind === KIND)
      : await journal.operation(wanted)
  if (record?.kind !== KIND)
    throw new DroverError(
      'not-found',
      wanted === undefined ? 'no upgrade of the fleet has been started' : `${wanted} is no upgrade of the fleet`,
      { hint: 'drover upgrade plan' },
    )
  const { waves } = (await journal.input(record.id)) as CampaignInput
  const steps = await journal.steps(record.id)
  const children = new Map<OperationId, OperationDetails>()
  for (const id of underWay(steps)) {
    const child = await journal.operation(id).catch(() => null)
    if (child !== null) children.set(id, detailsOf(child, await journal.steps(id)))
  }
  return storyOf({ record, waves, steps, children, now })
}

/** Pure. `children`: the operations of clusters that are under way, as far as they are known. */
export function storyOf(given: {
  readonly record: OperationRecord
  readonly waves: readonly Wave[]
  readonly steps: readonly StepRecord[]
  readonly children: ReadonlyMap<OperationId, OperationDetails>
  readonly now: number
}): CampaignStory {
  const { record, waves, steps, children, now } = given
  const { id, status, subject, createdAt } = record
  const byTitle = new Map(steps.map(step => [step.title, step]))
  return {
    operationId: id,
    state: status.state,
    subject,
    createdAt,
    ...('endedAt' in status ? { endedAt: status.endedAt } : {}),
    now,
    waves: waves.map(({ name }) => waveStory(name, steps)),
    clusters: waves.flatMap(({ name, clusters }) =>
      clusters.map(cluster => ({ ...clusterStory(cluster, byTitle, children), wave: name })),
    ),
    ...('failure' in status ? { failure: status.failure } : {}),
  }
}

function waveStory(name: string, steps: readonly StepRecord[]): WaveStory {
  const [own, watch] = [name, `${name}: watch`].map(phase => steps.filter(step => step.phase === phase))
  const begunAt = Math.min(...(own ?? []).flatMap(step => step.begunAt ?? []))
  if (!Number.isFinite(begunAt)) return { name }
  const watchedAt = Math.min(...(watch ?? []).flatMap(step => step.begunAt ?? []))
  const ends = [...(own ?? []), ...(watch ?? [])].map(endOf)
  const isOver = ends.every(end => end !== undefined)
  return {
    name,
    begunAt,
    ...(Number.isFinite(watchedAt) ? { watchedAt } : {}),
    ...(isOver ? { endedAt: Math.max(...ends) } : {}),
  }
}

function clusterStory(
  cluster: ClusterName,
  byTitle: ReadonlyMap<string, StepRecord>,
  children: ReadonlyMap<OperationId, OperationDetails>,
): Omit<ClusterStory, 'wave'> {
  const report = resultOf<ClusterReport>(byTitle.get(`upgrade ${cluster}`))
  if (report !== undefined) {
    const { result, operationId, phases = [], ...told } = report
    const wentBack = byTitle.get(`take ${cluster} back`)
    const said = resultOf<string>(wentBack)
    return {
      ...told,
      phases,
      state: wentBack === undefined ? result : 'back',
      ...(operationId === null ? {} : { operationId }),
      ...(said === undefined ? {} : { because: said }),
    }
  }
  const turn = resultOf<Turn>(byTitle.get(`begin ${cluster}`))
  if (turn === undefined) return { cluster, state: 'waiting', phases: [] }
  if (turn.operationId === null) return { cluster, state: turn.result, because: turn.because, phases: [] }
  const child = children.get(turn.operationId)
  return {
    cluster,
    state: 'running',
    operationId: turn.operationId,
    ...(child === undefined ? { phases: [] } : { begunAt: child.summary.createdAt, phases: phaseSpans(child) }),
  }
}

/** Of clusters that have begun and not ended. */
function underWay(steps: readonly StepRecord[]): readonly OperationId[] {
  const ended = new Set(steps.flatMap(({ title, status }) => (status.state === 'done' ? [title] : [])))
  return steps.flatMap(step => {
    const cluster = /^begin (\S+)$/.exec(step.title)?.[1]
    const turn = resultOf<Turn>(step)
    if (cluster === undefined || turn === undefined || turn.operationId === null) return []
    return ended.has(`upgrade ${cluster}`) ? [] : [turn.operationId]
  })
}

function resultOf<Result>(step: StepRecord | undefined): Result | undefined {
  return step?.status.state === 'done' ? (step.status.result as Result) : undefined
}

function endOf({ status }: StepRecord): number | undefined {
  return 'endedAt' in status ? status.endedAt : undefined
}
