import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { DroverError } from '../domain/errors.ts'
import { sha256 } from '../lib/hash.ts'
import { Secret } from '../lib/secret.ts'

/** `drv1_<id>_<secret>_<pin>`. Fixed widths: base64url itself uses the underscore. */
const TOKEN = /^drv1_([a-z2-7]{10})_([A-Za-z0-9_-]{43})_([A-Za-z0-9_-]{43})$/
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
export const NONCE_BYTES = 32

export interface JoinToken {
  /** Public: names the token in lists and logs. */
  readonly id: string
  readonly secret: Secret
  /** SHA-256 of the fleet's first key set: authenticates the orchestrator before anything is sent. */
  readonly pin: string
}

export function makeJoinToken(pin: string): JoinToken {
  const id = Array.from(randomBytes(10), byte => ALPHABET[byte % ALPHABET.length]).join('')
  return { id, secret: new Secret(randomBytes(32).toString('base64url')), pin }
}

export function formatJoinToken(token: JoinToken): Secret {
  return new Secret(`drv1_${token.id}_${token.secret.reveal()}_${token.pin}`)
}

/** Throws `invalid`; the message never shows the token. */
export function parseJoinToken(text: string): JoinToken {
  const [, id, secret, pin] = TOKEN.exec(text.trim()) ?? []
  if (id === undefined || secret === undefined || pin === undefined)
    throw new DroverError('invalid', 'this is no join token', {
      hint: 'a join token looks like drv1_<id>_<secret>_<pin>; make one with: drover token create',
    })
  return { id, secret: new Secret(secret), pin }
}

/** What the orchestrator keeps instead of the secret, and the HMAC key on both sides. */
export function tokenVerifier(secret: Secret): Buffer {
  return sha256(secret.reveal())
}

export interface JoinProofParts {
  readonly verifier: Uint8Array
  /** 32 bytes from the orchestrator's Challenge. */
  readonly nonce: Uint8Array
  /** PKCS#10 DER. */
  readonly csr: Uint8Array
  /** SPKI DER. */
  readonly identityKey: Uint8Array
}

/** HMAC-SHA256(verifier, nonce ‖ SHA256(csr) ‖ identity key); all but the last have a fixed length. */
export function joinProof(parts: JoinProofParts): Buffer {
  if (parts.nonce.byteLength !== NONCE_BYTES) throw new DroverError('invalid', `a nonce has ${NONCE_BYTES} bytes`)
  return createHmac('sha256', parts.verifier)
    .update(parts.nonce)
    .update(sha256(parts.csr))
    .update(parts.identityKey)
    .digest()
}

export function isJoinProof(proof: Uint8Array, parts: JoinProofParts): boolean {
  const expected = joinProof(parts)
  return proof.byteLength === expected.byteLength && timingSafeEqual(proof, expected)
}
