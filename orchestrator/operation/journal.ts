import { DroverError } from '../../shared/domain/errors.ts'
import type { ClusterName, NodeId, OperationId } from '../../shared/domain/ids.ts'
import { createSlots } from '../../shared/lib/slots.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Entry, Mutation, Store } from '../store/store.ts'
import type { NewOperationEvent, OperationStory } from './dependencies.ts'
import type { OperationRecord, StepRecord } from './record.ts'
import { isEnded } from './state.ts'

/** The lock of everything; one cluster has {@link clusterLock}, one node {@link nodeLock}. */
export const FLEET_LOCK = 'fleet'

/**
 * Held by whoever decides where members and voters are without touching every cluster: there is one at a time, and nobody else plans.
 * It goes with the locks of the clusters that are touched; the others can be worked on by name.
 */
export const PLAN_LOCK = 'plan'

/** Held by an upgrade of the fleet: there is one at a time. Its clusters are locked one by one. */
export const CAMPAIGN_LOCK = 'upgrade'

export function clusterLock(cluster: ClusterName): string {
  return `cluster/${cluster}`
}

export function nodeLock(node: NodeId): string {
  return `node/${node}`
}

const LOCK_TURN_KEY = 'lock-turn'
/** Only another orchestrator that takes locks at the same moment costs a try. */
const LOCK_TRIES = 10

/** More than end between two prunes, and few enough to hold. */
const PRUNED_AT_ONCE = 100

/** Who holds a lock, since when and why: kept under `locks/`. */
export interface LockHolder {
  readonly operationId: OperationId
  readonly who: string
  readonly at: number
  readonly why: string
}

/** Plans hold the fleet file, and with it verifiers and whatever a baseline holds: the store encrypts them at rest. */
export const INPUTS_PREFIX = 'operation-inputs/'

/**
 * The journal of operations. Every write is one transaction, together with the event that tells it, so that a watcher misses
 * nothing that has happened. The store is fenced: an orchestrator that has been replaced cannot write another line.
 */
export interface Journal {
  /** Operation, the steps that are known beforehand, input, locks and decisions, all or nothing. Throws `locked` naming the holder. */
  create(operation: {
    readonly record: OperationRecord
    readonly steps: readonly StepRecord[]
    readonly input: unknown
    readonly decisions: readonly Mutation[]
  }): Promise<void>
  operation(id: OperationId): Promise<OperationRecord>
  steps(id: OperationId): Promise<readonly StepRecord[]>
  /** What it was asked to do, as its kind defines it. */
  input(id: OperationId): Promise<unknown>
  saveStep(id: OperationId, step: StepRecord, told: Told): Promise<void>
  saveOperation(record: OperationRecord, told?: Told): Promise<void>
  /** Terminal state and release of the locks in one transaction. */
  end(record: OperationRecord, told: Told): Promise<void>
  /** An ended operation takes its locks again, at this time, and goes on. Throws `locked`. */
  reopen(record: OperationRecord, now: number): Promise<void>
  /** Newest first. */
  list(limit: number): Promise<readonly OperationRecord[]>
  /** Drops all that have ended but the newest so many; what others have started does not push out what people have. */
  prune(keep: Kept): Promise<void>
}

/** How many operations are remembered: those that were asked for, and those that others have started. */
export interface Kept {
  readonly operations: number
  readonly children: number
}

/** What goes with a change of state. */
export interface Told {
  readonly event?: NewOperationEvent
  readonly alongside?: readonly Mutation[]
}

export function createJournal(store: Store, story: Pick<OperationStory, 'commit'>): Journal {
  /** One after the other: of many that begin at once each would fail as often as others are faster. */
  const takingLocks = createSlots(1)
  return { create, operation, steps, input, saveStep, saveOperation, end, reopen, list, prune }

  async function create(entry: Parameters<Journal['create']>[0]): Promise<void> {
    const { record } = entry
    const mutations = [
      put(operationKey(record.id), record),
      put(inputKey(record.id), entry.input),
      put(firstStepsKey(record.id), entry.steps),
      ...entry.decisions,
    ]
    await takingLocks(() => writeHoldingLocks(record, record.createdAt, mutations))
  }

  async function reopen(record: OperationRecord, now: number): Promise<void> {
    await takingLocks(() => writeHoldingLocks(record, now, [put(operationKey(record.id), record)]))
  }

  async function operation(id: OperationId): Promise<OperationRecord> {
    return decodeJson<OperationRecord>(await required(id, operationKey(id)))
  }

  async function input(id: OperationId): Promise<unknown> {
    return decodeJson<unknown>(await required(id, inputKey(id)))
  }

  async function steps(id: OperationId): Promise<readonly StepRecord[]> {
    const first = decodeJson<readonly StepRecord[]>(await required(id, firstStepsKey(id)))
    const { entries } = await store.range(stepKey(id, ''))
    const changed = new Map(entries.map(entry => decodeJson<StepRecord>(entry)).map(step => [step.id, step]))
    const known = new Set(first.map(step => step.id))
    const added = [...changed.values()].filter(step => !known.has(step.id))
    return [...first.map(step => changed.get(step.id) ?? step), ...added]
  }

  async function saveStep(id: OperationId, step: StepRecord, told: Told): Promise<void> {
    await write([put(stepKey(id, step.id), step)], told)
  }

  async function saveOperation(record: OperationRecord, told: Told = {}): Promise<void> {
    await write([put(operationKey(record.id), record)], told)
  }

  async function end(record: OperationRecord, told: Told): Promise<void> {
    const unlocked = record.locks.map(name => ({ kind: 'delete' as const, key: lockKey(name) }))
    await write([put(operationKey(record.id), record), ...unlocked], told)
  }

  async function list(limit: number): Promise<readonly OperationRecord[]> {
    const { entries } = await store.range('operations/', { limit, reverse: true })
    return entries.map(entry => decodeJson<OperationRecord>(entry))
  }

  async function prune({ operations, children }: Kept): Promise<void> {
    if ((await list(operations + 1)).length <= operations) return
    const seen = { own: 0, children: 0 }
    for (const { id, status, parent } of await list(operations + children + PRUNED_AT_ONCE)) {
      if (parent === undefined) seen.own += 1
      else seen.children += 1
      const isKept = parent === undefined ? seen.own <= operations : seen.children <= children
      if (isKept || !isEnded(status)) continue
      await write([
        { kind: 'delete', key: operationKey(id) },
        { kind: 'delete', key: inputKey(id) },
        { kind: 'delete', key: firstStepsKey(id) },
        { kind: 'delete-prefix', prefix: stepKey(id, '') },
      ])
    }
  }

  async function writeHoldingLocks(record: OperationRecord, at: number, mutations: readonly Mutation[]): Promise<void> {
    const holder: LockHolder = {
      operationId: record.id,
      who: record.requestedBy,
      at,
      why: `${record.kind} ${record.subject}`,
    }
    for (let tries = 1; tries <= LOCK_TRIES; tries += 1) {
      const turn = (await store.get(LOCK_TURN_KEY))?.modRevision ?? 0
      await refuseWhenLocked(record.locks)
      const { succeeded } = await store.txn({
        // Whoever takes a lock moves the turn on, so that what was just read about the others still holds.
        compare: [{ key: LOCK_TURN_KEY, target: 'mod-revision', operator: '=', value: turn }],
        success: [...mutations, put(LOCK_TURN_KEY, {}), ...record.locks.map(name => put(lockKey(name), holder))],
      })
      if (succeeded) return
    }
    throw new DroverError('conflict', 'other operations take and release locks all the time', { retryable: true })
  }

  async function refuseWhenLocked(names: readonly string[]): Promise<void> {
    for (const entry of (await store.range(lockKey(''))).entries) {
      const held = entry.key.slice(lockKey('').length)
      if (!names.some(name => excludes(name, held))) continue
      const holder = decodeJson<LockHolder>(entry)
      throw new DroverError(
        'locked',
        `${held} is locked by operation ${holder.operationId} (${holder.why}, by ${holder.who} since ${new Date(holder.at).toISOString()})`,
        { hint: `drover operation watch ${holder.operationId}` },
      )
    }
  }

  async function write(mutations: readonly Mutation[], { event, alongside = [] }: Told = {}): Promise<void> {
    await story.commit({ success: [...mutations, ...alongside], events: event === undefined ? [] : [event] })
  }

  async function required(id: OperationId, key: string): Promise<Entry> {
    const entry = await store.get(key)
    if (entry === null)
      throw new DroverError('not-found', `there is no operation ${id}`, { hint: 'drover operation list' })
    return entry
  }
}

/** What operations hold now. */
export async function heldLocks(store: Pick<Store, 'range'>): Promise<readonly string[]> {
  return (await store.range(lockKey(''))).entries.map(({ key }) => key.slice(lockKey('').length))
}

/** The whole fleet excludes everything but a campaign, which waits for others where it has to; the rest excludes itself. */
export function excludes(left: string, right: string): boolean {
  if (left === CAMPAIGN_LOCK || right === CAMPAIGN_LOCK) return left === right
  return left === right || left === FLEET_LOCK || right === FLEET_LOCK
}

/**
 * Whether a later operation may have decided something about what an earlier one works on. Of a campaign, which locks its clusters one by
 * one, everything that came later may have.
 */
export function overtakes(later: readonly string[], earlier: readonly string[]): boolean {
  if (earlier.length === 0 || earlier.includes(CAMPAIGN_LOCK)) return true
  return later.some(one => earlier.some(other => excludes(one, other)))
}

function operationKey(id: OperationId): string {
  return `operations/${id}`
}

function inputKey(id: OperationId): string {
  return `${INPUTS_PREFIX}${id}`
}

/** The steps that are known beforehand: one document, since a transaction has few writes and a fleet many steps. */
function firstStepsKey(id: OperationId): string {
  return `operation-first-steps/${id}`
}

/** A step that has moved. */
function stepKey(id: OperationId, stepId: string): string {
  return `operation-steps/${id}/${stepId}`
}

function lockKey(name: string): string {
  return `locks/${name}`
}

function put(key: string, document: unknown): Mutation {
  return { kind: 'put', key, value: encodeJson(document) }
}
