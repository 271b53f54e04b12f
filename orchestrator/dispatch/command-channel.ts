import type { NodeId } from '../../shared/domain/ids.ts'
import type { Envelope } from '../../shared/signing/envelope.ts'

/** The way to an agent that is connected now: one session, as the dispatcher sees it. */
export interface CommandChannel {
  readonly nodeId: NodeId
  readonly nodeName: string
  readonly generation: number
  /** Highest sequence the agent had taken in when the session opened. */
  readonly lastSequence: number
  /** Agent clock minus orchestrator clock. */
  readonly clockOffsetMs: number
  readonly agentVersion: string
  /** What it can be asked for. */
  readonly knownKinds: ReadonlySet<string>
  /** False when the session is closing or its queue is full: the envelope goes out with the next session. */
  send(envelope: Envelope): boolean
}

/** Signs with the key that the current key set lets command nodes. */
export interface CommandSigner {
  readonly keysetVersion: number
  sign(payload: Uint8Array): Envelope
}
