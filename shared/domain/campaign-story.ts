import type { ClusterReport, PhaseSpan } from './campaign.ts'
import type { OperationId } from './ids.ts'
import type { Failure, OperationState } from './operation.ts'

/** An upgrade of the fleet as it stands, or as it ended. Times are Unix milliseconds. */
export interface CampaignStory {
  readonly operationId: OperationId
  readonly state: OperationState
  readonly subject: string
  readonly createdAt: number
  readonly endedAt?: number
  /** When this was told. */
  readonly now: number
  readonly waves: readonly WaveStory[]
  /** In the order of the waves. */
  readonly clusters: readonly ClusterStory[]
  readonly failure?: Failure
}

export interface WaveStory {
  readonly name: string
  /** Absent: it has not begun. */
  readonly begunAt?: number
  /** When its clusters were all through, and the watch began. */
  readonly watchedAt?: number
  readonly endedAt?: number
}

/** `back`: it is being taken back, or has been, because it was not well afterwards. */
export type ClusterState = 'waiting' | 'running' | 'upgraded' | 'failed' | 'left' | 'back'

export interface ClusterStory extends Omit<ClusterReport, 'result' | 'operationId' | 'phases'> {
  readonly state: ClusterState
  readonly wave: string
  readonly operationId?: OperationId
  readonly phases: readonly PhaseSpan[]
}
