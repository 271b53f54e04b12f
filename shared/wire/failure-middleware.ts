import {
  type CallContext,
  type CallOptions,
  ClientError,
  type ClientMiddlewareCall,
  type Metadata,
  ServerError,
  type ServerMiddlewareCall,
} from 'nice-grpc'
import { DroverError } from '../domain/errors.ts'
import { codeOfStatus, decodeFailure, encodeFailure, FAILURE_KEY, statusOf } from './failure.ts'

/** What a handler throws crosses the wire as a status with the whole failure in the trailer. */
export async function* serverFailures<Request, Response>(
  call: ServerMiddlewareCall<Request, Response>,
  context: CallContext,
): AsyncGenerator<Response, Response | void, undefined> {
  try {
    return yield* call.next(call.request, context)
  } catch (error) {
    if (error instanceof ServerError || (error instanceof Error && error.name === 'AbortError')) throw error
    const failure = DroverError.from(error)
    context.trailer.set(FAILURE_KEY, encodeFailure(failure))
    throw new ServerError(statusOf(failure.code), headerSafe(failure.message))
  }
}

/** Calls throw DroverError, with hint and problems when the server sent them. */
export async function* clientFailures<Request, Response>(
  call: ClientMiddlewareCall<Request, Response>,
  options: CallOptions,
): AsyncGenerator<Response, Response | void, undefined> {
  let trailer: Metadata | undefined
  const onTrailer = (received: Metadata) => {
    trailer = received
    options.onTrailer?.(received)
  }
  try {
    return yield* call.next(call.request, { ...options, onTrailer })
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    const bytes = trailer?.get(FAILURE_KEY)
    if (bytes !== undefined) throw decodeFailure(bytes)
    throw new DroverError(codeOfStatus(error.code), error.details || error.message, { cause: error })
  }
}

/** The status line travels in a header of its own; the trailer has the full text. */
function headerSafe(message: string): string {
  return message.length <= 1024 ? message : `${message.slice(0, 1024)}…`
}
