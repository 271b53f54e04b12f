import type { KeyObject } from 'node:crypto'
import type { CommandKind } from '../domain/command.ts'
import type { FleetId } from '../domain/ids.ts'
import type { Problem } from '../domain/problem.ts'
import { canonicalJson, sha256 } from '../lib/hash.ts'
import { type Envelope, isSignedBy, KEYSET_TYPE, signEnvelope } from './envelope.ts'
import { publicKeyFromSpki } from './keys.ts'
import { parseKeySet } from './keyset-parse.ts'

/** Whose signatures a fleet's agents obey. Immutable; a change is the next version, signed by the roots of both. */
export interface KeySet {
  readonly fleetId: FleetId
  /** Starts at 1, rises by one. */
  readonly version: number
  /** `keySetHash` of the version before; null for version 1. */
  readonly previousHash: string | null
  readonly rootKeys: readonly PublicKeyEntry[]
  /** How many different root keys must sign the next version. */
  readonly rootThreshold: number
  readonly commandKeys: readonly CommandKey[]
  /** Ids of command keys that must never be obeyed again. */
  readonly revoked: readonly string[]
  /** Unix milliseconds. After it agents obey only commands that change nothing, and key-set updates. */
  readonly expiresAt: number
}

export interface PublicKeyEntry {
  /** Hex SHA-256 of the SPKI DER; checked, so that one key cannot appear under two names. */
  readonly id: string
  /** SPKI DER, base64. */
  readonly publicKey: string
}

export interface CommandKey extends PublicKeyEntry {
  /** `signer`: the orchestrator's own; `operator`: a person's, for co-signatures. */
  readonly role: 'signer' | 'operator'
  readonly kinds: '*' | readonly CommandKind[]
  /** Unix milliseconds, inclusive. */
  readonly notBefore: number
  readonly notAfter: number
}

/** A key set whose signatures, pin or ancestry have been verified. */
export interface TrustedKeySet {
  readonly keySet: KeySet
  /** `keySetHash` of its bytes. */
  readonly hash: string
  readonly envelope: Envelope
}

export type KeySetCheck =
  | { readonly ok: true; readonly trusted: TrustedKeySet }
  | { readonly ok: false; readonly problem: Problem }

export function signKeySet(keySet: KeySet, rootKeys: readonly KeyObject[]): Envelope {
  return signEnvelope({ payloadType: KEYSET_TYPE, payload: Buffer.from(canonicalJson(keySet)), keys: rootKeys })
}

/** Base64url SHA-256 (43 characters) over the carried payload bytes; of version 1 this is the pin in join tokens. */
export function pinOf(envelope: Envelope): string {
  return sha256(envelope.payload).toString('base64url')
}

/** A joiner's first key set: the hash must be the token's pin, and the document must be signed by its own roots. */
export function trustByPin(envelope: Envelope, pin: string): KeySetCheck {
  if (pinOf(envelope) !== pin)
    return refuse(
      'wrong-pin',
      'the key set is not the one the join token pins: wrong orchestrator, or someone in between',
    )
  return trustStored(envelope)
}

/** A key set from one's own disk, or one whose pin has been checked: consistent and signed by its own roots. */
export function trustStored(envelope: Envelope): KeySetCheck {
  if (envelope.payloadType !== KEYSET_TYPE)
    return refuse('wrong-type', `expected a key set, got ${JSON.stringify(envelope.payloadType)}`)
  const keySet = parseKeySet(envelope.payload)
  if ('code' in keySet) return { ok: false, problem: keySet }
  if (!meetsThreshold(envelope, keySet))
    return refuse('bad-signature', 'the key set is not signed by enough of its own root keys')
  return { ok: true, trusted: { keySet, hash: pinOf(envelope), envelope } }
}

/** One step from N to N+1: nothing is skipped, nothing goes back, and the roots of both versions have signed. */
export function trustNext(current: TrustedKeySet, envelope: Envelope): KeySetCheck {
  const check = trustStored(envelope)
  if (!check.ok) return check
  const { keySet } = check.trusted
  const { version } = current.keySet
  if (keySet.fleetId !== current.keySet.fleetId) return refuse('wrong-fleet', 'the key set is of another fleet')
  if (keySet.version !== version + 1)
    return refuse('wrong-version', `after version ${version} comes ${version + 1}, not ${keySet.version}`)
  if (keySet.previousHash !== current.hash)
    return refuse('wrong-ancestor', 'the key set does not follow the current one')
  if (!meetsThreshold(envelope, current.keySet))
    return refuse('bad-signature', 'the key set is not signed by enough root keys of the version before')
  const forgotten = current.keySet.revoked.find(id => !keySet.revoked.includes(id))
  if (forgotten !== undefined) return refuse('unrevoked', `the key set takes back the revocation of key ${forgotten}`)
  return check
}

/** Each listed key counts once, however many signatures it made. */
function meetsThreshold(envelope: Envelope, roots: KeySet): boolean {
  const signers = roots.rootKeys.filter(key =>
    isSignedBy(envelope, publicKeyFromSpki(Buffer.from(key.publicKey, 'base64'))),
  )
  return signers.length >= roots.rootThreshold
}

function refuse(code: string, message: string): KeySetCheck {
  return { ok: false, problem: { code, message, severity: 'error' } }
}
