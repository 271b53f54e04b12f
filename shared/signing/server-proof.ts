import { createHmac, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../lib/hash.ts'

const PURPOSE = 'drover server proof v1\0'

export interface ServerProofParts {
  /** `tokenVerifier(secret)`: both sides have it, it never crosses the wire. */
  readonly verifier: Uint8Array
  /** The nonce of the same ChallengeResponse. */
  readonly nonce: Uint8Array
  /** The CA bundle exactly as BootstrapResponse carries it. */
  readonly caPem: string
}

/** HMAC-SHA256(verifier, purpose ‖ SHA256(nonce) ‖ SHA256(CA bundle)): the pin covers the key set, this covers the TLS CA. */
export function serverProof(parts: ServerProofParts): Buffer {
  return createHmac('sha256', parts.verifier)
    .update(PURPOSE)
    .update(sha256(parts.nonce))
    .update(sha256(parts.caPem))
    .digest()
}

export function isServerProof(proof: Uint8Array, parts: ServerProofParts): boolean {
  const expected = serverProof(parts)
  return proof.byteLength === expected.byteLength && timingSafeEqual(proof, expected)
}
