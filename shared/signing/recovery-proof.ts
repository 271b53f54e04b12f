import { type KeyObject, sign, verify } from 'node:crypto'
import { sha256 } from '../lib/hash.ts'
import { preAuthEncoding } from './pae.ts'

const TYPE = 'application/vnd.drover.recover.v1'

/** A node whose certificate has expired proves its identity key over the orchestrator's nonce and its new CSR. */
export function signRecovery(
  identity: KeyObject,
  parts: { readonly nonce: Uint8Array; readonly csr: Uint8Array },
): Buffer {
  return sign(null, message(parts), identity)
}

export function isRecoverySigned(parts: {
  readonly identity: KeyObject
  readonly nonce: Uint8Array
  readonly csr: Uint8Array
  readonly signature: Uint8Array
}): boolean {
  return parts.signature.byteLength === 64 && verify(null, message(parts), parts.identity, parts.signature)
}

function message(parts: { readonly nonce: Uint8Array; readonly csr: Uint8Array }): Buffer {
  return preAuthEncoding(TYPE, Buffer.concat([sha256(parts.nonce), sha256(parts.csr)]))
}
