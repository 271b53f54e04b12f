import type { CommandOutcome, RefusalReason } from '../../../shared/domain/command.ts'
import { assertNever, DroverError, type ErrorCode } from '../../../shared/domain/errors.ts'

const AGENT_DIED = 'the agent died while it ran the command'

/** It says nothing about what the command was about: whoever is asked again may answer. */
export function hasAgentDied(error: unknown): boolean {
  return error instanceof DroverError && error.message === AGENT_DIED
}

/** The result of a command that went well; every other outcome is thrown with what may be done about it. */
export function resultOf(outcome: CommandOutcome): unknown {
  switch (outcome.state) {
    case 'done':
      return outcome.result
    case 'failed':
      throw new DroverError(outcome.code as ErrorCode, outcome.message, { retryable: outcome.retryable })
    case 'refused':
      throw new DroverError('denied', `the agent refused the command (${outcome.reason}): ${outcome.message}`, {
        retryable: MENDED_BY_A_NEW_COMMAND.has(outcome.reason),
      })
    case 'interrupted':
      throw new DroverError('unavailable', AGENT_DIED, { retryable: true })
    default:
      return assertNever(outcome)
  }
}

/** A new command carries a new sequence, new times and today's key set. */
const MENDED_BY_A_NEW_COMMAND: ReadonlySet<RefusalReason> = new Set([
  'expired',
  'issued-in-future',
  'stale-sequence',
  'replayed-sequence',
  'stale-keyset',
])
