import type { NodeId } from '../../shared/domain/ids.ts'
import type { NodeState } from '../../shared/domain/snapshot.ts'

/** What a host looked like when it enrolled: evidence, never identity. */
export interface NodeEvidence {
  readonly hostname: string
  readonly machineId: string
  readonly productUuid: string
  readonly macs: readonly string[]
  readonly addresses: readonly string[]
}

/** `silent` is never stored: it follows from when the node was last heard. */
export type RecordedState = Exclude<NodeState, 'silent'>

/** The durable part of a node; what changes with every heartbeat lives elsewhere. */
export interface NodeRecord {
  readonly id: NodeId
  /** Unique among nodes that are not pending. */
  readonly name: string
  /** Raised when another host takes the identity over; voids commands and certificates of older ones. */
  readonly generation: number
  /** Ed25519 public key, SPKI DER, base64. */
  readonly identityKey: string
  readonly state: RecordedState
  /** Why it waits for an operator. */
  readonly pendingReason?: string
  /** The node whose identity this pending host asks to take over. */
  readonly takesOver?: NodeId
  readonly labels: Readonly<Record<string, string>>
  readonly evidence: NodeEvidence
  readonly agentVersion: string
  /** Where the agent connects from: what other nodes can reach it by. */
  readonly address: string
  readonly certificate?: { readonly serial: string; readonly notAfter: number }
  readonly tokenId: string
  /** Hex SHA-256 of the CSR it enrolled with. */
  readonly csrHash: string
  /** Unix milliseconds. */
  readonly enrolledAt: number
  /** Times of the latest recoveries with the identity key, oldest first. */
  readonly recoveries: readonly number[]
}
