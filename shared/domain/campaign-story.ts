import type { ClusterReport, PhaseSpan } from './campaign.ts'
import type { Component } from './component.ts'
import type { OperationId } from './ids.ts'
import type { Failure, OperationState } from './operation.ts'

/** What goes through the fleet: clusters to another version of PostgreSQL, or hosts to other agents or components. */
export type CampaignSubject = 'clusters' | 'agents' | 'components'

/** An upgrade of the fleet as it stands, or as it ended. Times are Unix milliseconds. */
export interface CampaignStory {
  readonly operationId: OperationId
  readonly of: CampaignSubject
  readonly state: OperationState
  readonly subject: string
  readonly createdAt: number
  readonly endedAt?: number
  /** When this was told. */
  readonly now: number
  readonly waves: readonly WaveStory[]
  /** In the order of the waves. Of agents and components they are hosts. */
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
  /** Of a host: what it gets, which version it has now, how long its agent was away, and how many clients had to leave its poolers. */
  readonly component?: Component
  readonly version?: string
  readonly awayMs?: number
  readonly disconnected?: number
}
