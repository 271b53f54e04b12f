import type { CampaignStory } from '../../shared/domain/campaign-story.ts'
import type { FindingCode } from '../../shared/domain/health.ts'
import type { OperationId } from '../../shared/domain/ids.ts'
import type { OperationDetails, OperationEvent, OperationSummary } from '../../shared/domain/operation.ts'
import type { Plan, PlanIntent } from '../../shared/domain/plan.ts'
import type { PlanRequest } from './make-plan.ts'

/** What the API knows of planning and of durable work. Failures are thrown as DroverError. */
export interface Operations {
  /** Changes nothing. Throws `invalid` with every problem of the document and of the planner. */
  plan(request: PlanRequest): Promise<Plan>
  /**
   * Plan and start. Throws `stale` when `planId` is given and the plan made now differs, `locked` when another
   * operation holds a cluster. `operationId` is null when there is nothing to do.
   */
  apply(request: ApplyRequest): Promise<{ readonly plan: Plan; readonly operationId: OperationId | null }>
  /**
   * Plans what was applied once more and starts it, when nothing but drift is to be mended and no server would be restarted. Null: there is
   * nothing to do, or more than that.
   */
  reapply(request: { readonly actor: string; readonly signal: AbortSignal }): Promise<OperationId | null>
  /**
   * Starts an operation of a kind that can be asked for. Throws `not-found`, `invalid` or `conflict` for what can be seen to be
   * wrong at once, `locked` when another operation holds what it works on.
   */
  begin(request: {
    readonly kind: string
    /** As the kind defines it. */
    readonly request: unknown
    readonly actor: string
    /** Findings that do not stand in the way: somebody has looked at them. */
    readonly ignoreHealth?: readonly FindingCode[]
  }): Promise<OperationId>
  /** Newest first. */
  list(limit: number): Promise<readonly OperationSummary[]>
  /** Throws `not-found`. */
  show(id: OperationId): Promise<OperationDetails>
  /** Of an upgrade of the fleet, the newest unless one is named. Throws `not-found`. */
  campaign(id?: OperationId): Promise<CampaignStory>
  /** Events after the cursor, past and to come; ends after the operation's terminal event. Throws `not-found`. */
  watch(id: OperationId, afterCursor: number, signal: AbortSignal): AsyncIterable<OperationEvent>
  cancel(id: OperationId, actor: string): Promise<OperationDetails>
  resume(id: OperationId, actor: string): Promise<OperationDetails>
  /** Takes up unfinished work after a restart; resolves once it is running again, not once it is done. */
  start(): Promise<void>
  /** Stops working without ending operations; they go on at the next start. */
  stop(): Promise<void>
}

export interface ApplyRequest {
  readonly specYaml: string
  readonly fileName: string
  readonly planId?: string
  readonly intent?: PlanIntent
  /** Findings that do not stand in the way: somebody has looked at them. */
  readonly ignoreHealth?: readonly FindingCode[]
  readonly actor: string
  readonly signal: AbortSignal
}
