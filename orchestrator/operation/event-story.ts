import type { OperationEvent } from '../../shared/domain/operation.ts'
import type { EventLog, FleetEvent } from '../events/event-log.ts'
import type { OperationStory } from './dependencies.ts'

/** Operations tell their story in the fleet's event log. */
export function createEventStory(log: EventLog): OperationStory {
  return {
    async append({ at: _, ...event }) {
      await log.append({ ...event, subject: event.node ?? event.operationId })
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
