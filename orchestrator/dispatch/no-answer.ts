import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { CommandChannel } from './command-channel.ts'

/** Whoever has waited this long for a node to come back need not wait again. */
const LONG_WAIT_MS = 5 * 60_000

/** What the end of a wait for a command means: that the node was slow, that it was away, or, when it was not the deadline, the error itself. */
export function noAnswer({
  error,
  nodeId,
  channel,
  waitedMs,
  signal,
}: {
  readonly error: unknown
  readonly nodeId: NodeId
  /** Undefined while the node is away. */
  readonly channel: CommandChannel | undefined
  readonly waitedMs: number
  /** Of the caller. */
  readonly signal: AbortSignal
}): unknown {
  const isDeadline = error instanceof DOMException && error.name === 'TimeoutError' && !signal.aborted
  if (!isDeadline) return error
  if (channel !== undefined)
    return new DroverError('timeout', `${channel.nodeName} did not finish the command in time`, { cause: error })
  return new DroverError('unavailable', `node ${nodeId} is not connected`, {
    cause: error,
    retryable: waitedMs < LONG_WAIT_MS,
    hint: 'drover node list shows since when; look at the host, then resume the operation',
  })
}
