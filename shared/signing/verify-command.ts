import type { Command, CommandKind, RefusalReason } from '../domain/command.ts'
import { sha256Hex } from '../lib/hash.ts'
import { decodeCommand } from '../wire/codec.ts'
import { COMMAND_TYPE, type Envelope, isSignedBy } from './envelope.ts'
import { publicKeyFromSpki } from './keys.ts'
import type { CommandKey, KeySet } from './keyset.ts'

/** Manifests carry whole files, other commands a few lines. */
export const MAX_CONVERGE_BYTES = 2 * 1024 * 1024
export const MAX_COMMAND_BYTES = 64 * 1024
/** Bounds the work of a stranger's envelope: signatures × keys verifications. */
const MAX_SIGNATURES = 8
/** What an agent still obeys under an expired key set. */
const HARMLESS: readonly CommandKind[] = ['facts.collect', 'keyset.update']

export type CommandVerification =
  | {
      readonly ok: true
      readonly command: Command
      /** Hex SHA-256 of the payload: equal sequence and equal hash is a repeat, another hash is an alarm. */
      readonly payloadHash: string
      readonly keyId: string
    }
  | { readonly ok: false; readonly reason: RefusalReason; readonly message: string }

/**
 * The cryptographic part of admission, in the order of DESIGN 5.3: size, type, signature by a key that the key set
 * allows, decode, allowed kind. Target, generation, epoch, sequence and times are the caller's next checks.
 */
export function verifyCommand(parts: {
  readonly envelope: Envelope
  readonly keySet: KeySet
  /** Unix milliseconds. */
  readonly now: number
}): CommandVerification {
  const { envelope, keySet, now } = parts
  const { payload, payloadType, signatures } = envelope
  if (payload.byteLength > MAX_CONVERGE_BYTES || signatures.length > MAX_SIGNATURES)
    return refuse('oversize', `${payload.byteLength} bytes with ${signatures.length} signatures are too much`)
  if (payloadType !== COMMAND_TYPE) return refuse('unknown-type', `${JSON.stringify(payloadType)} is no command`)

  const signers = keySet.commandKeys.filter(key => isSignedBy(envelope, keyObject(key)))
  const standing = signers.filter(key => !keySet.revoked.includes(key.id))
  if (standing.length === 0) return refuseSignature({ envelope, keySet, signedByRevoked: signers.length > 0 })

  let command: Command
  try {
    command = decodeCommand(payload)
  } catch (error) {
    return refuse('malformed', error instanceof Error ? error.message : 'the payload is no command')
  }
  return checkKind({ command, payload, standing, keySet, now })
}

function checkKind(parts: {
  readonly command: Command
  readonly payload: Uint8Array
  readonly standing: readonly CommandKey[]
  readonly keySet: KeySet
  readonly now: number
}): CommandVerification {
  const { command, payload, standing, keySet, now } = parts
  const { kind } = command
  if (kind !== 'converge' && payload.byteLength > MAX_COMMAND_BYTES)
    return refuse('oversize', `${payload.byteLength} bytes are too much for ${kind}`)
  const key = standing.find(candidate => mayAsk({ key: candidate, kind, now }))
  if (key === undefined) return refuse('key-not-allowed', `none of the signing keys may ask for ${kind} now`)
  if (keySet.expiresAt < now && !HARMLESS.includes(kind))
    return refuse('stale-keyset', `key set ${keySet.version} has expired: only ${HARMLESS.join(', ')} are obeyed`)
  return { ok: true, command, payloadHash: sha256Hex(payload), keyId: key.id }
}

function mayAsk(parts: { readonly key: CommandKey; readonly kind: CommandKind; readonly now: number }): boolean {
  const { key, kind, now } = parts
  // An operator's key co-signs; alone it commands nothing.
  if (key.role !== 'signer') return false
  return (key.kinds === '*' || key.kinds.includes(kind)) && key.notBefore <= now && now <= key.notAfter
}

/** Key ids are hints: good enough to say why no signature counted, never to make one count. */
function refuseSignature(parts: {
  readonly envelope: Envelope
  readonly keySet: KeySet
  readonly signedByRevoked: boolean
}): CommandVerification {
  const { envelope, keySet, signedByRevoked } = parts
  const hints = envelope.signatures.map(signature => signature.keyid)
  if (signedByRevoked || hints.some(id => keySet.revoked.includes(id)))
    return refuse('revoked-key', 'the signing key has been revoked')
  if (hints.some(id => keySet.commandKeys.some(key => key.id === id)))
    return refuse('bad-signature', 'the signature does not match the payload')
  return refuse('unknown-key', `no signing key is in key set ${keySet.version}`)
}

function keyObject(key: CommandKey) {
  return publicKeyFromSpki(Buffer.from(key.publicKey, 'base64'))
}

function refuse(reason: RefusalReason, message: string): CommandVerification {
  return { ok: false, reason, message }
}
