import { z } from 'zod'
import { COMMAND_KINDS } from '../domain/command.ts'
import type { Problem } from '../domain/problem.ts'
import { sha256Hex } from '../lib/hash.ts'
import { publicKeyFromSpki } from './keys.ts'
import type { KeySet, PublicKeyEntry } from './keyset.ts'

/** More would let one document cost seconds of verification. */
const MAX_KEYS = 32

const time = z.number().int().nonnegative()
const publicKey = { id: z.string().regex(/^[0-9a-f]{64}$/), publicKey: z.base64().max(256) }
const commandKey = z.strictObject({
  ...publicKey,
  role: z.enum(['signer', 'operator']),
  kinds: z.union([z.literal('*'), z.array(z.enum(COMMAND_KINDS))]),
  notBefore: time,
  notAfter: time,
})
const schema = z.strictObject({
  fleetId: z.string().min(1).max(64),
  version: z.number().int().positive(),
  previousHash: z.string().length(43).nullable(),
  rootKeys: z.array(z.strictObject(publicKey)).min(1).max(MAX_KEYS),
  rootThreshold: z.number().int().positive(),
  commandKeys: z.array(commandKey).max(MAX_KEYS),
  revoked: z.array(publicKey.id).max(1024),
  expiresAt: time,
})

/** The document in the payload, or why it is none. Says nothing about signatures. */
export function parseKeySet(payload: Uint8Array): KeySet | Problem {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch {
    return malformed('the key set is no JSON')
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return malformed(`${issue?.path.join('.') || 'document'}: ${issue?.message ?? 'invalid'}`)
  }
  return inconsistency(parsed.data) ?? parsed.data
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

function malformed(message: string): Problem {
  return { code: 'malformed-key-set', message, severity: 'error' }
}
