import { COMMAND_KINDS } from '../domain/command.ts'
import type { Problem } from '../domain/problem.ts'
import { sha256Hex } from '../lib/hash.ts'
import { publicKeyFromSpki } from './keys.ts'
import type { CommandKey, KeySet, PublicKeyEntry } from './keyset.ts'

/** More would let one document cost seconds of verification. */
const MAX_KEYS = 32
const MAX_REVOKED = 1024

type Fields = Readonly<Record<string, unknown>>

/**
 * The document in the payload, or why it is none. Says nothing about signatures. By hand, since a schema library would
 * cost the agent 19 MB of memory for this one document.
 */
export function parseKeySet(payload: Uint8Array): KeySet | Problem {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return malformed('the key set is no JSON')
  }
  if (!isKeySet(json)) return malformed('a field is missing, superfluous, or of the wrong type')
  return inconsistency(json) ?? json
}

function isKeySet(json: unknown): json is KeySet {
  return hasExactly(json, {
    fleetId: value => typeof value === 'string' && value.length >= 1 && value.length <= 64,
    version: value => isCount(value) && value >= 1,
    previousHash: value => value === null || (typeof value === 'string' && value.length === 43),
    rootKeys: value => isListOf(value, isPublicKeyEntry, MAX_KEYS),
    rootThreshold: value => isCount(value) && value >= 1,
    commandKeys: value => isListOf(value, isCommandKey, MAX_KEYS),
    revoked: value => isListOf(value, isKeyId, MAX_REVOKED),
    expiresAt: isCount,
  })
}

function isPublicKeyEntry(json: unknown): json is PublicKeyEntry {
  return hasExactly(json, { id: isKeyId, publicKey: isBase64 })
}

function isCommandKey(json: unknown): json is CommandKey {
  return hasExactly(json, {
    id: isKeyId,
    publicKey: isBase64,
    role: value => value === 'signer' || value === 'operator',
    kinds: value => value === '*' || isListOf(value, kind => COMMAND_KINDS.some(known => known === kind), MAX_KEYS),
    notBefore: isCount,
    notAfter: isCount,
  })
}

function inconsistency(keySet: KeySet): Problem | null {
  const keys = [...keySet.rootKeys, ...keySet.commandKeys]
  if (new Set(keys.map(key => key.id)).size !== keys.length) return malformed('a key appears twice')
  const misnamed = keys.find(key => !isHonest(key))
  if (misnamed !== undefined) return malformed(`key ${misnamed.id} is no Ed25519 key with this id`)
  if (keySet.rootThreshold > keySet.rootKeys.length)
    return malformed('the root threshold exceeds the number of root keys')
  if ((keySet.version === 1) !== (keySet.previousHash === null))
    return malformed('version 1, and only version 1, has no version before')
  return null
}

function isHonest(key: PublicKeyEntry): boolean {
  const spki = Buffer.from(key.publicKey, 'base64')
  try {
    publicKeyFromSpki(spki)
  } catch {
    return false
  }
  return sha256Hex(spki) === key.id
}

function hasExactly(json: unknown, fields: Readonly<Record<string, (value: unknown) => boolean>>): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false
  const object = json as Fields
  const names = Object.keys(fields)
  return Object.keys(object).length === names.length && names.every(name => fields[name]?.(object[name]) === true)
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean, max: number): boolean {
  return Array.isArray(value) && value.length <= max && value.every(isItem)
}

function isKeyId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function isBase64(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 256 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function malformed(message: string): Problem {
  return { code: 'malformed-key-set', message, severity: 'error' }
}
