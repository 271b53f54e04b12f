import type { OperationEvent } from '../../shared/domain/operation.ts'
import type { EventLog, FleetEvent } from '../events/event-log.ts'
import type { OperationStory } from './dependencies.ts'

/** Operations tell their story in the fleet's event log. */
export function createEventStory(log: EventLog): OperationStory {
  return {
    async append(event) {
      // The log stamps events with its own clock, in commit order.
      const { type, message, operationId, stepId, node, state } = event
      await log.append({
        type,
        message,
        operationId,
        subject: node ?? operationId,
        ...(stepId === undefined ? {} : { stepId }),
        ...(node === undefined ? {} : { node }),
        ...(state === undefined ? {} : { state }),
      })
    },
    async *watch(operationId, after, signal) {
      const accept = (event: FleetEvent) => event.operationId === operationId
      for await (const event of log.watch({ after, signal, accept })) yield toOperationEvent(event, operationId)
    },
  }
}

function toOperationEvent(event: FleetEvent, operationId: string): OperationEvent {
  const { subject: _, state, ...rest } = event
  return {
    ...rest,
    operationId,
    ...(state === undefined ? {} : { state: state as NonNullable<OperationEvent['state']> }),
  }
}
