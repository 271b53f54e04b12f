import { once } from 'node:events'
import { connect } from 'node:net'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { HaproxyRouteArgs } from '../../../shared/domain/haproxy-route.ts'

const TIMEOUT_MS = 3_000

/**
 * Sets the health of a section's servers over HAProxy's admin socket. Its own checks go on and have the last word: what was
 * set wrongly lasts until the next one. Errors: `unavailable`, `failed` with HAProxy's own sentence.
 */
export async function routeHaproxy(args: HaproxyRouteArgs, signal: AbortSignal): Promise<void> {
  const down = args.notTo.map(server => `set server ${args.section}/${server} health down`)
  const answer = await ask(
    args.socketPath,
    [`set server ${args.section}/${args.to} health up`, ...down].join(';'),
    signal,
  )
  if (answer.trim() !== '') throw new DroverError('failed', `HAProxy refused: ${answer.trim()}`)
}

/** HAProxy answers a line of commands and closes. */
async function ask(path: string, commands: string, signal: AbortSignal): Promise<string> {
  const socket = connect({ path, signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) })
  try {
    await once(socket, 'connect')
    socket.end(`${commands}\n`)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    return answer
  } catch (error) {
    throw new DroverError('unavailable', `HAProxy does not answer on ${path}`, { cause: error })
  } finally {
    socket.destroy()
  }
}
