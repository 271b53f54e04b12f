import { assertNever, type ErrorCode } from '../../shared/domain/errors.ts'

/** What scripts rely on. 0 done or nothing to do; 10 only from `plan --exit-code` when there are changes. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  operationFailed: 3,
  unreachable: 4,
  conflict: 5,
  changes: 10,
  interrupted: 130,
} as const

export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'invalid':
      return EXIT.usage
    case 'unavailable':
      return EXIT.unreachable
    case 'stale':
    case 'locked':
    case 'conflict':
      return EXIT.conflict
    case 'aborted':
      return EXIT.interrupted
    case 'not-found':
    case 'denied':
    case 'unauthenticated':
    case 'timeout':
    case 'exhausted':
    case 'failed':
    case 'internal':
      return EXIT.failed
    default:
      return assertNever(code)
  }
}
