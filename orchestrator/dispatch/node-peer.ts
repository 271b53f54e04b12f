import type { CallContext } from 'nice-grpc'
import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import { type Peer, peerOf } from '../../shared/wire/peer.ts'
import type { NodeRecord } from '../inventory/node-record.ts'
import type { NodeRegistry } from '../inventory/node-registry.ts'
import type { Audit } from '../observe/audit-log.ts'

export interface NodePeer {
  readonly record: NodeRecord
  /** Unix milliseconds at which the certificate it showed ends. */
  readonly certificateEnds: number
}

export interface NodePeerDeps {
  readonly registry: NodeRegistry
  readonly audit: Audit
  readonly fleetId: string
}

/**
 * The node whose certificate the caller showed, if that node may speak now: of this fleet, known, not removed, and of
 * the current generation. Throws `denied` otherwise, with an audit record.
 */
export async function nodePeer(deps: NodePeerDeps, context: CallContext): Promise<NodePeer> {
  const peer = peerOf(context)
  const refusal = await refuse(deps, peer)
  if (typeof refusal !== 'string') return refusal
  await deps.audit.append({ type: 'session:refused', actor: context.peer, subject: subjectOf(peer), detail: refusal })
  throw new DroverError('denied', refusal, { hint: 'enrol the host again with a new token' })
}

async function refuse(deps: NodePeerDeps, peer: Peer): Promise<NodePeer | string> {
  if (peer.kind !== 'node') return 'the certificate names no node'
  if (peer.fleetId !== deps.fleetId) return 'the certificate is of another fleet'
  const stored = await deps.registry.get(peer.nodeId)
  if (stored === null) return 'the node is not known'
  const { record } = stored
  if (record.state === 'removed') return 'the node has been removed'
  if (record.state === 'pending') return 'the node waits for approval'
  if (record.generation !== peer.generation) {
    return `the certificate is of generation ${peer.generation}, the node is at ${record.generation}`
  }
  return { record, certificateEnds: peer.certificate.notAfter }
}

function subjectOf(peer: Peer): NodeId {
  return peer.kind === 'node' ? peer.nodeId : peer.kind
}
