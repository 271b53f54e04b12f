import { Status } from 'nice-grpc'
import type { Failure, Failure__Output } from '../../proto/gen/drover/v1/Failure.ts'
import type { Problem__Output } from '../../proto/gen/drover/v1/Problem.ts'
import { DroverError, type ErrorCode } from '../domain/errors.ts'
import type { Problem } from '../domain/problem.ts'
import { messageType } from './definitions.ts'

/** Trailing metadata that carries the whole failure; the gRPC status alone has room for a code and a line. */
export const FAILURE_KEY = 'drover-failure-bin'
/** HTTP/2 peers refuse header lists above 64 KiB; base64 adds a third. */
const MAX_FAILURE_BYTES = 32 * 1024

const STATUS: Readonly<Record<ErrorCode, Status>> = {
  invalid: Status.INVALID_ARGUMENT,
  'not-found': Status.NOT_FOUND,
  conflict: Status.ALREADY_EXISTS,
  stale: Status.FAILED_PRECONDITION,
  locked: Status.ABORTED,
  denied: Status.PERMISSION_DENIED,
  unauthenticated: Status.UNAUTHENTICATED,
  unavailable: Status.UNAVAILABLE,
  timeout: Status.DEADLINE_EXCEEDED,
  aborted: Status.CANCELLED,
  exhausted: Status.RESOURCE_EXHAUSTED,
  failed: Status.UNKNOWN,
  internal: Status.INTERNAL,
}

export function statusOf(code: ErrorCode): Status {
  return STATUS[code]
}

/** For peers that sent only a status: grpc itself, a proxy, an older version. */
export function codeOfStatus(status: number): ErrorCode {
  if (status === (Status.UNIMPLEMENTED as number)) return 'failed'
  const entry = Object.entries(STATUS).find(([, value]) => (value as number) === status)
  return (entry?.[0] as ErrorCode | undefined) ?? 'internal'
}

export function toFailure(error: DroverError): Failure {
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    hint: error.hint ?? '',
    problems: error.problems.map(problem => ({ ...problem })),
  }
}

export function fromFailure(failure: Failure__Output): DroverError {
  return new DroverError(isErrorCode(failure.code) ? failure.code : 'internal', failure.message, {
    retryable: failure.retryable,
    ...(failure.hint === '' ? {} : { hint: failure.hint }),
    problems: failure.problems.map(fromProblem),
  })
}

/** Bytes for the trailer. Problems that would not fit are replaced by one that says how many were left out. */
export function encodeFailure(error: DroverError): Buffer {
  const { serialize } = messageType('Failure')
  const failure = toFailure(error)
  const problems = failure.problems ?? []
  let bytes = serialize(failure)
  for (let kept = problems.length; bytes.byteLength > MAX_FAILURE_BYTES && kept > 0; ) {
    kept = Math.floor(kept / 2)
    bytes = serialize({ ...failure, problems: [...problems.slice(0, kept), leftOut(problems.length - kept)] })
  }
  if (bytes.byteLength <= MAX_FAILURE_BYTES) return bytes
  return serialize({
    ...failure,
    message: error.message.slice(0, 4096),
    hint: (error.hint ?? '').slice(0, 4096),
    problems: [],
  })
}

export function decodeFailure(bytes: Uint8Array): DroverError {
  return fromFailure(messageType('Failure').deserialize(Buffer.from(bytes)))
}

function leftOut(count: number): Problem {
  return { code: 'more-problems', message: `${count} more problems are not shown`, severity: 'error' }
}

function fromProblem(problem: Problem__Output): Problem {
  return {
    code: problem.code,
    message: problem.message,
    severity: problem.severity === 'warning' ? 'warning' : 'error',
    ...(problem.path === '' ? {} : { path: problem.path }),
    ...(problem.hint === '' ? {} : { hint: problem.hint }),
    ...(problem.line === undefined ? {} : { line: problem.line }),
    ...(problem.column === undefined ? {} : { column: problem.column }),
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(STATUS, code)
}
