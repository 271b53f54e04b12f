import type { AgentMessage } from '../../proto/gen/drover/v1/AgentMessage.ts'
import { Queue } from '../../shared/lib/queue.ts'

export type MessageBody = Omit<AgentMessage, 'sequence' | 'body'>

/**
 * What waits to be sent in one session. Bounded: lines of progress are dropped first, an observation that was not sent yet is replaced by
 * the newer one, and anything else that finds no room ends the session, because the next one starts with the full state.
 */
export interface Outbox extends AsyncIterable<AgentMessage> {
  /** False when there is no room. */
  send(body: MessageBody): boolean
  offerProgress(commandId: string, line: string): void
  replaceObservation(json: Buffer): void
  /** Ends the iteration. Must be called when the call is over: nice-grpc leaves the request iterator waiting. */
  close(): void
}

const MAX_MESSAGES = 512
const MAX_PROGRESS = 128

export function createOutbox(): Outbox {
  const queue = new Queue<() => MessageBody | null>({ maxItems: MAX_MESSAGES })
  let observation: Buffer | null = null

  async function* messages(): AsyncGenerator<AgentMessage, void, undefined> {
    let sequence = 0
    for await (const take of queue) {
      const body = take()
      if (body === null) continue
      sequence += 1
      yield { sequence, ...body }
    }
  }

  function takeObservation(): MessageBody | null {
    const json = observation
    observation = null
    return json === null ? null : { observationJson: json }
  }

  return {
    send: body => queue.push(() => body),
    offerProgress: (commandId, line) => {
      if (queue.size < MAX_PROGRESS) queue.push(() => ({ progress: { commandId, line: line.slice(0, 500) } }))
    },
    replaceObservation: json => {
      const isWaiting = observation !== null
      observation = json
      if (!isWaiting) queue.push(takeObservation)
    },
    close: () => queue.close({ discard: true }),
    [Symbol.asyncIterator]: () => messages(),
  }
}
