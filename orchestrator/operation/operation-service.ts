import { DroverError } from '../../shared/domain/errors.ts'
import { type EventType, OPERATION_ENDINGS } from '../../shared/domain/event-type.ts'
import type { OperationId } from '../../shared/domain/ids.ts'
import type { OperationDetails } from '../../shared/domain/operation.ts'
import type { Plan } from '../../shared/domain/plan.ts'
import type { Allocations } from '../../shared/domain/snapshot.ts'
import { abortable } from '../../shared/lib/abort.ts'
import { readCampaignStory } from './campaign-story.ts'
import type { Children } from './children.ts'
import { isComparison } from './compare-hosts.ts'
import { CANCELLED, type EngineTools, runOperation } from './engine.ts'
import { guard, needPatroni, planNeedsPatroni, planRisks, refusePaused, requestRisks } from './guard.ts'
import { overtakes } from './journal.ts'
import { createApply } from './kinds/apply.ts'
import { newApply } from './kinds/new-apply.ts'
import { REQUESTED_KINDS } from './kinds/registry.ts'
import { makePlan, type PlanTools, planFor } from './make-plan.ts'
import type { ApplyRequest, Operations } from './operations.ts'
import type { OperationKind } from './program.ts'
import { detailsOf, type OperationRecord, summaryOf } from './record.ts'
import { isEnded } from './state.ts'

/** So many operations are remembered. A campaign is as old as the first of its children. */
const KEPT = { operations: 200, children: 1_000 }
/** With those that go on. */
const ALL_KEPT = KEPT.operations + KEPT.children + 300
/** Children that have begun lately. */
const CHILD_LOOKS = 200

/** Between looks at an operation that is not taken up yet. */
const CHILD_LOOK_MS = 500

/** Terminal events end a watch. */
const ENDINGS: ReadonlySet<EventType> = new Set(OPERATION_ENDINGS)

export interface OperationServiceTools extends Omit<EngineTools, 'children'>, PlanTools {
  readonly newId: () => OperationId
}

interface RunningOperation {
  readonly controller: AbortController
  readonly ended: Promise<void>
  /** Known in the very moment in which it is reached, before the journal has it. */
  readonly hasPivoted: () => boolean
}

/** Plans, applies and minds operations. One engine run an operation; a run that ends badly ends only its operation. */
export function createOperations(tools: OperationServiceTools): Operations {
  const { journal, clock, log, story } = tools
  const running = new Map<OperationId, RunningOperation>()
  const withChildren: EngineTools = {
    ...tools,
    children: { begin: beginChild, find: findChild, running: findRunning, ended },
  }
  const stopping = new AbortController()
  const kinds: readonly OperationKind<never, unknown>[] = [createApply(tools.fleet), ...REQUESTED_KINDS]

  return {
    plan: request => makePlan(request, tools),
    apply,
    reapply,
    begin,
    list: async limit => (await journal.list(limit)).map(summaryOf),
    show,
    campaign: id => readCampaignStory(id, { journal, now: clock.now() }),
    watch,
    cancel,
    resume,
    start,
    stop,
  }

  async function apply(request: ApplyRequest): ReturnType<Operations['apply']> {
    const plan = await makePlan(request, tools)
    if (request.planId !== undefined && request.planId !== plan.planId)
      throw new DroverError('stale', `plan ${request.planId} is out of date: the fleet or the file has changed since`, {
        hint: `look at the plan again: drover plan -f ${request.fileName}`,
      })
    if (plan.phases.length === 0 && !changesPolicy(plan)) return { plan, operationId: null }
    const before = await allocationsNow()
    refusePaused('this apply', planNeedsPatroni(plan, before), tools.fleet.observations())
    const undertaking = { what: 'this apply', risks: planRisks(plan, before), allocations: plan.allocations }
    guard(undertaking, await tools.health.findings(), request.ignoreHealth)
    return { plan, operationId: await startApply(plan, request.actor) }
  }

  async function reapply({ actor, signal }: Parameters<Operations['reapply']>[0]): Promise<OperationId | null> {
    const { appliedSpec } = await tools.fleet.snapshot({})
    if (appliedSpec === undefined) return null
    const plan = await planFor({ spec: appliedSpec, signal }, tools)
    const isDrift = plan.changes.every(({ reason }) => reason === 'drifted')
    return isDrift && plan.phases.length > 0 ? startApply(plan, actor) : null
  }

  async function startApply(plan: Plan, actor: string): Promise<OperationId> {
    const names = await tools.fleet.nodeNames()
    const { record, steps } = newApply({
      id: tools.newId(),
      plan,
      actor,
      now: clock.now(),
      nodeName: nodeId => names.get(nodeId) ?? nodeId,
    })
    const decisions = [tools.fleet.putAllocations(plan.allocations), tools.fleet.putExplanations(plan)]
    await journal.create({ record, steps, input: plan, decisions })
    launch(record.id)
    return record.id
  }

  async function begin({
    kind: name,
    request,
    actor,
    ignoreHealth,
    parent,
  }: Parameters<Operations['begin']>[0] & { readonly parent?: OperationId }): Promise<OperationId> {
    const kind = REQUESTED_KINDS.find(each => each.kind === name)
    if (kind === undefined) throw new DroverError('invalid', `there is no operation of kind ${JSON.stringify(name)}`)
    const prepared = await kind.prepare(request, {
      ...tools,
      actor,
      plan: wanted => planFor({ ...wanted, signal: stopping.signal }, tools),
    })
    const { subject, clusters, locks, input, decisions } = prepared
    refusePaused(`${name} of ${subject}`, needPatroni(name, clusters), tools.fleet.observations())
    const risks = prepared.risks ?? requestRisks(name, clusters)
    if (risks.length > 0) {
      const undertaking = { what: `${name} of ${subject}`, risks, allocations: await allocationsNow() }
      guard(undertaking, await tools.health.findings(), ignoreHealth)
    }
    const record: OperationRecord = {
      id: tools.newId(),
      kind: kind.kind,
      subject,
      clusters,
      locks,
      requestedBy: actor,
      ...(parent === undefined ? {} : { parent }),
      createdAt: clock.now(),
      status: { state: 'pending' },
      pivoted: false,
    }
    await journal.create({ record, steps: [], input, decisions: decisions ?? [] })
    launch(record.id)
    return record.id
  }

  async function beginChild({ parent, ...child }: Parameters<Children['begin']>[0]): Promise<OperationId> {
    const { requestedBy } = await journal.operation(parent)
    return begin({ ...child, actor: requestedBy, parent })
  }

  async function findChild(wanted: Parameters<Children['find']>[0]): ReturnType<Children['find']> {
    const { parent, kind, cluster, subject } = wanted
    const found = (await journal.list(CHILD_LOOKS)).find(
      each =>
        each.parent === parent &&
        each.kind === kind &&
        (cluster === undefined || each.clusters.includes(cluster)) &&
        (subject === undefined || each.subject === subject),
    )
    return found === undefined ? null : summaryOf(found)
  }

  async function findRunning(kinds: readonly string[]): ReturnType<Children['running']> {
    const found = (await journal.list(ALL_KEPT)).find(({ kind, status }) => kinds.includes(kind) && !isEnded(status))
    if (found === undefined) return null
    return { operationId: found.id, kind: found.kind, input: await journal.input(found.id) }
  }

  async function ended(id: OperationId, signal: AbortSignal): Promise<OperationDetails> {
    for (;;) {
      signal.throwIfAborted()
      if (await hasEnded(id)) return show(id)
      const run = running.get(id)
      // After a start of the orchestrator its parent may come first.
      await abortable(run?.ended ?? clock.sleep(CHILD_LOOK_MS, signal), signal)
    }
  }

  async function allocationsNow(): Promise<Allocations> {
    return (await tools.fleet.snapshot({})).allocations
  }

  async function show(id: OperationId): Promise<OperationDetails> {
    return detailsOf(await journal.operation(id), await journal.steps(id))
  }

  async function* watch(id: OperationId, afterCursor: number, signal: AbortSignal): ReturnType<Operations['watch']> {
    await journal.operation(id)
    for await (const event of story.watch(id, afterCursor, signal)) {
      tools.failpoints?.reach('watch:event')
      yield event
      if (ENDINGS.has(event.type) && (await hasEnded(id))) return
    }
  }

  /** A resumed operation has terminal events in its past. */
  async function hasEnded(id: OperationId): Promise<boolean> {
    return isEnded((await journal.operation(id)).status)
  }

  async function cancel(id: OperationId, actor: string): Promise<OperationDetails> {
    const { pivoted } = await journal.operation(id)
    const run = running.get(id)
    if (pivoted || run?.hasPivoted() === true)
      throw new DroverError('conflict', `operation ${id} is past its point of no return: it can only go on`, {
        hint: `drover operation watch ${id}`,
      })
    if (run === undefined)
      throw new DroverError('conflict', `operation ${id} is not running`, { hint: `drover operation show ${id}` })
    log.info('operation cancelled', { operationId: id, actor })
    run.controller.abort(CANCELLED)
    await run.ended
    return show(id)
  }

  async function resume(id: OperationId, actor: string): Promise<OperationDetails> {
    const record = await journal.operation(id)
    if (record.status.state !== 'failed' && record.status.state !== 'cancelled')
      throw new DroverError(
        'conflict',
        `operation ${id} is ${record.status.state}: only a failed or cancelled one can be resumed`,
      )
    if (record.status.rolledBack)
      throw new DroverError('conflict', `operation ${id} was rolled back: there is nothing to resume, start it again`)
    await refuseWhenOvertaken(record)
    const { kind, subject, clusters } = record
    const needing =
      kind === 'apply'
        ? planNeedsPatroni((await journal.input(id)) as Plan, await allocationsNow())
        : needPatroni(kind, clusters)
    refusePaused(`${kind} of ${subject}`, needing, tools.fleet.observations())
    const status = { state: 'running' as const, startedAt: record.status.startedAt }
    const resumes = (record.resumes ?? 0) + 1
    await journal.reopen({ ...record, requestedBy: actor, status, resumes }, clock.now())
    launch(id)
    return show(id)
  }

  /** What a later operation decided must not be undone by the plan of an earlier one. */
  async function refuseWhenOvertaken({ id, locks }: OperationRecord): Promise<void> {
    const records = await journal.list(ALL_KEPT)
    const later = records.slice(
      0,
      records.findIndex(record => record.id === id),
    )
    const overtaking = later.find(each => each.parent !== id && overtakes(each.locks, locks))
    if (overtaking !== undefined)
      throw new DroverError('stale', `operation ${overtaking.id} came after ${id}`, {
        hint: 'apply the spec again instead',
      })
  }

  async function start(): Promise<void> {
    const records = await journal.list(ALL_KEPT)
    const unfinished = records.filter(({ status }) => !isEnded(status)).map(({ id }) => id)
    await forgetEnded(new Set(records.filter(({ status }) => isEnded(status)).map(({ id }) => id)))
    for (const id of unfinished) launch(id)
  }

  /** What an orchestrator that was killed did not come to forget. */
  async function forgetEnded(ended: ReadonlySet<OperationId>): Promise<void> {
    for (const id of await tools.runner.operations())
      if (ended.has(id) || isComparison(id)) await tools.runner.forget(id)
  }

  async function stop(): Promise<void> {
    stopping.abort(new DroverError('aborted', 'the orchestrator is stopping'))
    await Promise.allSettled([...running.values()].map(({ ended }) => ended))
  }

  function kindOf(name: string): OperationKind<unknown, unknown> {
    const kind = kinds.find(each => each.kind === name)
    // Each kind reads back the input that it wrote itself.
    if (kind !== undefined) return kind
    throw new DroverError('internal', `this orchestrator knows no operation of kind ${name}`)
  }

  function launch(id: OperationId): void {
    if (stopping.signal.aborted || running.has(id)) return
    const controller = new AbortController()
    const signal = AbortSignal.any([controller.signal, stopping.signal])
    let pivoted = false
    const onPivot = () => {
      pivoted = true
    }
    const ended = journal
      .operation(id)
      .then(({ kind }) =>
        runOperation({ id, kind: kindOf(kind), tools: withChildren, signal, stopping: stopping.signal, onPivot }),
      )
      .then(() => journal.prune(KEPT))
      .catch((error: unknown) => log.error('operation run ended badly', { operationId: id, error }))
      .finally(() => running.delete(id))
    running.set(id, { controller, ended, hasPivoted: () => pivoted })
  }
}

/** No node has anything to do then, and the file still counts from now on. */
function changesPolicy({ changes }: Plan): boolean {
  return changes.some(({ subject }) => subject.startsWith('policy '))
}
