import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { sha256Hex } from '../lib/hash.ts'
import { preAuthEncoding } from './pae.ts'

/** Signatures over the carried bytes. The payload is never encoded again between signing and verifying. */
export interface Envelope {
  readonly payloadType: string
  readonly payload: Uint8Array
  readonly signatures: readonly Signature[]
}

export interface Signature {
  /** A hint which key to try; never trusted. */
  readonly keyid: string
  readonly sig: Uint8Array
}

export const COMMAND_TYPE = 'application/vnd.drover.command.v1'
export const KEYSET_TYPE = 'application/vnd.drover.keyset.v1'

/** One Ed25519 signature for each private key given. */
export function signEnvelope(parts: {
  readonly payloadType: string
  readonly payload: Uint8Array
  readonly keys: readonly KeyObject[]
}): Envelope {
  const { payloadType, payload, keys } = parts
  const message = preAuthEncoding(payloadType, payload)
  const signatures = keys.map(key => ({ keyid: keyIdOf(key), sig: sign(null, message, key) }))
  return { payloadType, payload, signatures }
}

/** Whether one of the signatures was made by this public key. */
export function isSignedBy(envelope: Envelope, publicKey: KeyObject): boolean {
  const message = preAuthEncoding(envelope.payloadType, envelope.payload)
  return envelope.signatures.some(({ sig }) => sig.byteLength === 64 && verify(null, message, publicKey, sig))
}

/** Hex SHA-256 of the SPKI DER of a public key, or of the public half of a private one. */
export function keyIdOf(key: KeyObject): string {
  return sha256Hex(spkiOf(key))
}

export function spkiOf(key: KeyObject): Buffer {
  const publicKey = key.type === 'public' ? key : createPublicKey(key)
  return publicKey.export({ type: 'spki', format: 'der' })
}
