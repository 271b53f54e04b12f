import type { OperationState, StepState } from './operation.ts'

/** noun:verb. The closed list of what the fleet's story tells. */
export type EventType = OperationEventType | NodeEventType

/** An operation or a step has come to this state, or a step says how far it is. */
export type OperationEventType = `operation:${OperationState}` | `step:${StepState}` | 'step:progress'

export type NodeEventType = 'node:connected' | 'node:disconnected'

/** Those after which an operation does nothing more, unless it is resumed. */
export const OPERATION_ENDINGS = [
  'operation:done',
  'operation:failed',
  'operation:cancelled',
] as const satisfies readonly OperationEventType[]
