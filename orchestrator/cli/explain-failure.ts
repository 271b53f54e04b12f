import { ClientError } from 'nice-grpc'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Endpoint } from './context.ts'

/** A file of the command line that cannot be read, in words. */
export function unreadableFile(path: string, cause: unknown): DroverError {
  return new DroverError('invalid', `${path} cannot be read: ${reasonOf(cause)}`, {
    cause,
    hint: 'check the path; deploy/examples/quickstart.yml is a fleet file to start from',
  })
}

/** A file that the command line was to write, in words. */
export function unwritableFile(path: string, cause: unknown): DroverError {
  return new DroverError(
    'invalid',
    `${path} cannot be written: ${reasonOf(cause, { ENOENT: 'its folder does not exist' })}`,
    {
      cause,
      hint: 'name a file that you may write',
    },
  )
}

/** grpc says which address failed, not whose it is nor what to do. What the orchestrator itself said stays as it is. */
export function explainFailure(error: DroverError, endpoint: () => Endpoint): DroverError {
  if (error.code !== 'unavailable' || !(error.cause instanceof ClientError)) return error
  const target = endpoint()
  const place = target.kind === 'socket' ? target.path : target.address
  return new DroverError('unavailable', `no orchestrator answers at ${place}`, {
    cause: error.cause,
    hint:
      target.kind === 'socket'
        ? 'start it (`drover serve`), or name another one with --socket or --context'
        : 'check address and network of the context, or name another one with --context',
  })
}

function reasonOf(cause: unknown, special: Readonly<Partial<Record<string, string>>> = {}): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return special[code] ?? REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause))
}

const REASONS: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
}
