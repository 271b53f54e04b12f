import type { OperationEvent } from '../../shared/domain/operation.ts'
import type { EventLog, FleetEvent, NewEvent } from '../events/event-log.ts'
import type { NewOperationEvent, OperationStory } from './dependencies.ts'

/** Operations tell their story in the fleet's event log. */
export function createEventStory(log: EventLog): OperationStory {
  return {
    append: event => log.append(toEvent(event)),
    commit: ({ events, ...change }) => log.commit({ ...change, events: events.map(toEvent) }),
    async *watch(operationId, after, signal) {
      const accept = (event: FleetEvent) => event.operationId === operationId
      for await (const event of log.watch({ after, signal, accept })) yield toOperationEvent(event)
    },
  }
}

function toEvent(event: NewOperationEvent): NewEvent {
  return { ...event, subject: event.node ?? event.operationId }
}

/** Whatever carries an operation's id was written by {@link toEvent}. */
function toOperationEvent({ subject: _subject, ...event }: FleetEvent): OperationEvent {
  return event as OperationEvent
}
