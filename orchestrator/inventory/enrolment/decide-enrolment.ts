import type { NodeId } from '../../../shared/domain/ids.ts'
import type { NodeEvidence, NodeRecord } from '../node-record.ts'
import type { TokenRecord } from './token-store.ts'

export type EnrolmentDecision =
  /** A new node under its host name. */
  | { readonly kind: 'new' }
  /** The host becomes this node, with the next generation. */
  | { readonly kind: 'take-over'; readonly target: NodeRecord }
  /** An operator decides. */
  | { readonly kind: 'pending'; readonly reason: string; readonly target?: NodeRecord }
  | { readonly kind: 'refused'; readonly message: string }

/** What becomes of a host that has proven its token. Pure; the caller commits it against the state it was decided on. */
export function decideEnrolment(input: {
  readonly token: TokenRecord
  readonly name: string
  readonly evidence: NodeEvidence
  readonly nodes: readonly NodeRecord[]
  /** A node that is connected now has not been installed anew. */
  readonly isConnected: (id: NodeId) => boolean
}): EnrolmentDecision {
  const { token, name, evidence } = input
  const nodes = input.nodes.filter(node => node.state === 'ready' || node.state === 'draining')
  if (token.replaces !== undefined) {
    const target = nodes.find(node => node.id === token.replaces)
    if (target === undefined) return { kind: 'refused', message: 'the node that the token replaces is gone' }
    if (token.autoApprove) return { kind: 'take-over', target }
    return { kind: 'pending', reason: `asks to replace ${target.name}`, target }
  }
  const lookAlike = nodes.find(node => !input.isConnected(node.id) && looksLike(evidence, node))
  if (lookAlike !== undefined) {
    const reason = `looks like a re-image of ${lookAlike.name}: approve it if that host was installed anew`
    return { kind: 'pending', reason, target: lookAlike }
  }
  if (nodes.some(node => node.name === name)) {
    return { kind: 'pending', reason: `another host is already called ${name}: approving gives it a name of its own` }
  }
  if (!token.autoApprove) return { kind: 'pending', reason: 'its token asks for approval' }
  return { kind: 'new' }
}

/**
 * The same host under a new key. One trait alone proves nothing: cloned images share the machine id, containers of one
 * machine the product UUID, and virtual networks their MAC addresses.
 */
function looksLike(evidence: NodeEvidence, node: NodeRecord): boolean {
  const other = node.evidence
  const sameName = evidence.hostname === other.hostname
  const sameMac = evidence.macs.some(mac => other.macs.includes(mac))
  const sameMachineId = evidence.machineId !== '' && evidence.machineId === other.machineId
  const sameProduct = evidence.productUuid !== '' && evidence.productUuid === other.productUuid
  return sameName ? sameMac || sameMachineId || sameProduct : sameMac && (sameMachineId || sameProduct)
}
