import type { CallContext } from 'nice-grpc'
import { DroverError } from '../../shared/domain/errors.ts'
import { peerOf } from '../../shared/wire/peer.ts'

/** Sent by the CLI over the unix socket, to tell local people apart in the audit log; informational, never a right. */
const ACTOR_HEADER = 'x-actor'
const NAME = /^[a-z_][a-z0-9._-]{0,63}$/

/**
 * Who asks: `user:<name>` of an operator's certificate, or `local` for whoever may open the socket, with the name they
 * give themselves. Node certificates have no business here: throws `denied`.
 */
export function actorOf(context: CallContext, fleetId: string): string {
  const peer = peerOf(context)
  if (peer.kind === 'local') {
    const claimed = context.metadata.get(ACTOR_HEADER) ?? ''
    return NAME.test(claimed) ? `local:${claimed}` : 'local'
  }
  if (peer.kind === 'user' && peer.fleetId === fleetId) return `user:${peer.name}`
  throw new DroverError('denied', 'only operators may use this interface', {
    hint: 'use an operator certificate of this fleet, or the unix socket on the orchestrator',
  })
}
