import { DroverError } from './errors.ts'
import type { Failure } from './operation.ts'

/** What was thrown, as a value that can be journalled and shown. */
export function failureOf(error: unknown): Failure {
  const { code, message, retryable, hint, problems } = DroverError.from(error)
  return { code, message, retryable, ...(hint === undefined ? {} : { hint }), problems }
}
