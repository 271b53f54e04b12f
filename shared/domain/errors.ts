import type { Problem } from './problem.ts'

/** The closed list of failure codes; transports and exit codes are derived from it. */
export type ErrorCode =
  | 'invalid'
  | 'not-found'
  | 'conflict'
  | 'stale'
  | 'locked'
  | 'denied'
  | 'unauthenticated'
  | 'unavailable'
  | 'timeout'
  | 'aborted'
  | 'exhausted'
  | 'failed'
  | 'internal'

export interface ErrorDetails {
  readonly retryable?: boolean
  readonly cause?: unknown
  /** The next command or step for a person. */
  readonly hint?: string
  readonly problems?: readonly Problem[]
}

/** The one error family. `message` says what and why in one sentence; `hint` says what to do. */
export class DroverError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly hint: string | undefined
  readonly problems: readonly Problem[]

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'DroverError'
    this.code = code
    this.retryable = details.retryable ?? (code === 'unavailable' || code === 'timeout')
    this.hint = details.hint
    this.problems = details.problems ?? []
  }

  /** The only normaliser: an AbortError becomes `aborted`, anything unknown becomes `internal`. */
  static from(error: unknown): DroverError {
    if (error instanceof DroverError) return error
    if (error instanceof Error && error.name === 'AbortError')
      return new DroverError('aborted', 'the work was aborted', { cause: error })
    const message = error instanceof Error ? error.message : String(error)
    return new DroverError('internal', message, { cause: error })
  }
}

/** Ends a switch over a tag: the compiler proves that no variant is left. */
export function assertNever(value: never): never {
  throw new DroverError('internal', `unhandled variant: ${JSON.stringify(value)}`)
}
