import type { CommandOutcome, RefusalReason } from '../../shared/domain/command.ts'

/** CommandFinished of the wire, as far as an outcome needs it. */
export interface FinishedMessage {
  readonly commandId: string
  readonly state: string
  readonly resultJson: Uint8Array
  readonly failure: { readonly code: string; readonly message: string; readonly retryable: boolean } | null
  readonly refusal: string
}

/** What an agent said about the end of a command. A message that makes no sense is a failure, never a success. */
export function toOutcome(message: FinishedMessage): CommandOutcome {
  switch (message.state) {
    case 'done':
      return doneOutcome(message.resultJson)
    case 'failed':
      return {
        state: 'failed',
        code: message.failure?.code ?? 'failed',
        message: message.failure?.message ?? 'the agent gave no reason',
        retryable: message.failure?.retryable ?? false,
      }
    case 'refused':
      return {
        state: 'refused',
        reason: message.refusal as RefusalReason,
        message: message.failure?.message ?? `the agent refused: ${message.refusal}`,
      }
    case 'interrupted':
      return { state: 'interrupted' }
    default:
      return malformed(`an unknown state ${JSON.stringify(message.state)}`)
  }
}

function doneOutcome(json: Uint8Array): CommandOutcome {
  if (json.byteLength === 0) return { state: 'done', result: null }
  try {
    return { state: 'done', result: JSON.parse(Buffer.from(json).toString('utf8')) as unknown }
  } catch {
    return malformed('a result that is no JSON')
  }
}

function malformed(what: string): CommandOutcome {
  return { state: 'failed', code: 'internal', message: `the agent answered with ${what}`, retryable: false }
}
