import type { CampaignCluster, CampaignControl, CampaignPolicy } from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { FindingCode } from '../../../../shared/domain/health.ts'
import type { ClusterName, OperationId } from '../../../../shared/domain/ids.ts'
import type { OperationSummary } from '../../../../shared/domain/operation.ts'
import { whyNotBegin } from '../../../plan/campaign/may-begin.ts'
import type { ProgramStep } from '../../program.ts'
import type { StepContext } from '../../steps/step-context.ts'

const LOOK_MS = 1_000

/** Who waits for a turn looks every second: so many wait, or are under way. */
export const WAITING = 64

/**
 * Where clusters, or hosts, wait for their turn. What is under way is kept in memory: after a crash each one that had begun enters
 * again.
 */
export interface Turnstile<Unit extends CampaignCluster = CampaignCluster> {
  readonly policy: Pick<CampaignPolicy, 'windows' | 'budget'>
  /** As it was asked for; what people have said since wins. */
  readonly control: CampaignControl
  readonly underWay: Map<string, Unit>
  readonly failures: () => number
  /** Beyond caps, windows and pauses: in one phrase why not, null: it may. */
  readonly refuses?: (unit: Unit, others: readonly Unit[]) => string | null
}

/** What is begun in a turn: an operation of its own. */
export interface ChildOperation {
  /** `pg-main`, `haproxy of node-1`: for people, and in the titles of steps. */
  readonly what: string
  readonly kind: string
  readonly request: unknown
  /** What somebody has looked at and accepts. */
  readonly ignoreHealth?: readonly FindingCode[]
  /** By which it is found again after a crash. */
  readonly by: { readonly cluster: ClusterName } | { readonly subject: string }
}

export type Turn =
  | { readonly operationId: OperationId }
  | { readonly operationId: null; readonly result: 'left' | 'failed'; readonly because: string }

/** Waits for the turn of a unit, and begins its operation. Once too many have failed nobody begins. */
export function takeTurn<Unit extends CampaignCluster>(
  unit: Unit,
  child: ChildOperation,
  turnstile: Turnstile<Unit>,
): ProgramStep<Turn> {
  const { what, by, ...begins } = child
  return {
    title: `begin ${what}`,
    async act(context) {
      const { children, operationId: parent } = context
      const begun = await children.find({ parent, kind: begins.kind, ...by })
      if (begun !== null && isMine(begun, context.attempt))
        return { result: { operationId: begun.operationId }, detail: begun.operationId }
      const turn = await awaitTurn(unit, turnstile, context, async (): Promise<Turn> => {
        try {
          return { operationId: await children.begin({ parent, ...begins }) }
        } catch (error) {
          context.signal.throwIfAborted()
          const { code, message } = DroverError.from(error)
          if (code === 'locked') throw error
          return { operationId: null, result: 'failed', because: message }
        }
      })
      const result: Turn = turn ?? { operationId: null, result: 'left', because: 'too many have failed' }
      if (result.operationId !== null) return { result, detail: result.operationId }
      turnstile.underWay.delete(unit.name)
      return { result, detail: `warning: ${result.because}` }
    },
  }
}

/**
 * Waits until the caps, the windows and the people let the unit begin, and while somebody else holds what it needs. Answers with what
 * `begin` did; null: too many have failed, and it was not begun.
 */
export async function awaitTurn<Unit extends CampaignCluster, Begun>(
  unit: Unit,
  turnstile: Turnstile<Unit>,
  context: Pick<StepContext, 'fleet' | 'clock' | 'signal' | 'progress' | 'operationId'>,
  begin: () => Promise<Begun>,
): Promise<Begun | null> {
  const { policy, underWay, failures, refuses } = turnstile
  for (let said = ''; ; ) {
    if (failures() > policy.budget) return null
    const control = (await context.fleet.campaignControl(context.operationId)) ?? turnstile.control
    const others = [...underWay.values()].filter(({ name }) => name !== unit.name)
    const now = context.clock.now()
    const why =
      whyNotBegin(unit, { underWay: others, control, windows: policy.windows, now }) ?? refuses?.(unit, others) ?? null
    const tried = why === null ? await enter() : { why }
    if ('begun' in tried) return tried.begun
    if (tried.why !== said) context.progress(`${unit.name} waits: ${tried.why}`)
    said = tried.why
    await context.clock.sleep(LOOK_MS, context.signal)
  }

  async function enter(): Promise<{ readonly begun: Begun } | { readonly why: string }> {
    // At once, so that two do not take the last place.
    underWay.set(unit.name, unit)
    try {
      return { begun: await begin() }
    } catch (error) {
      underWay.delete(unit.name)
      const { code, message } = DroverError.from(error)
      if (code === 'locked') return { why: message }
      throw error
    }
  }
}

/** Takes one back that was not well; answers with how that went. */
export function takeBackBy(what: string, child: Omit<ChildOperation, 'what' | 'by'>): ProgramStep<string> {
  return {
    title: `take ${what} back`,
    async act(context) {
      const said = await tried(context)
      return { result: said, detail: said }
    },
  }

  async function tried(context: StepContext): Promise<string> {
    try {
      const { summary, failure } = await context.children.ended(await beginWhenFree(context, child), context.signal)
      if (summary.state === 'done') return 'it runs again what it ran before'
      return `not taken back: ${failure?.message ?? `it was ${summary.state}`}`
    } catch (error) {
      context.signal.throwIfAborted()
      return `not taken back: ${DroverError.from(error).message}`
    }
  }
}

/** Begins what is due at once, as soon as nobody else holds what it needs. */
export async function beginWhenFree(
  context: StepContext,
  child: Omit<ChildOperation, 'what' | 'by'>,
): Promise<OperationId> {
  for (;;) {
    try {
      return await context.children.begin({ parent: context.operationId, ...child })
    } catch (error) {
      if (DroverError.from(error).code !== 'locked') throw error
      await context.clock.sleep(LOOK_MS, context.signal)
    }
  }
}

/** Begun by this very attempt before a crash, or still under way; what failed before somebody resumed the campaign is begun anew. */
function isMine({ state }: OperationSummary, attempt: number): boolean {
  return attempt === 1 || (state !== 'failed' && state !== 'cancelled')
}
