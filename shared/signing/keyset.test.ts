import { describe, expect, it } from 'vitest'
import { commandKey, createTestKeys, publicEntry, trusted } from '../../test/support/command-fixture.ts'
import { canonicalJson } from '../lib/hash.ts'
import { COMMAND_TYPE, type Envelope, KEYSET_TYPE, signEnvelope } from './envelope.ts'
import { generateSigningKey, type SigningKey } from './keys.ts'
import { type KeySet, type KeySetCheck, pinOf, signKeySet, trustByPin, trustNext, trustStored } from './keyset.ts'

const keys = createTestKeys()
const current = trusted(keys)
const second: KeySet = { ...keys.keySet, version: 2, previousHash: current.hash }

describe('a first key set', () => {
  it('is trusted by its pin', () => {
    const envelope = signKeySet(keys.keySet, [keys.root.privateKey])
    expect(trustByPin(envelope, pinOf(envelope))).toMatchObject({ ok: true, trusted: { keySet: keys.keySet } })
    expect(pinOf(envelope)).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('is refused with another pin: somebody is in between', () => {
    const other = createTestKeys()
    const envelope = signKeySet(other.keySet, [other.root.privateKey])
    expect(verdict(trustByPin(envelope, current.hash))).toBe('wrong-pin')
  })

  it('is refused when its own root has not signed, or signed another type', () => {
    expect(verdict(trustStored(signKeySet(keys.keySet, [generateSigningKey().privateKey])))).toBe('bad-signature')
    const payload = Buffer.from(canonicalJson(keys.keySet))
    const wrongType = signEnvelope({ payloadType: COMMAND_TYPE, payload, keys: [keys.root.privateKey] })
    expect(verdict(trustStored(wrongType))).toBe('wrong-type')
    expect(verdict(trustStored({ ...wrongType, payloadType: KEYSET_TYPE }))).toBe('bad-signature')
  })

  it('is refused when any one bit of it has changed', () => {
    const envelope = signKeySet(keys.keySet, [keys.root.privateKey])
    for (let bit = 0; bit < envelope.payload.byteLength * 8; bit += 1) {
      const payload = Buffer.from(envelope.payload)
      payload[bit >> 3] = (payload[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(trustStored({ ...envelope, payload }).ok).toBe(false)
    }
  })
})

describe('the next key set', () => {
  it('follows when the root signs it', () => {
    expect(verdict(trustNext(current, sign(second, keys.root)))).toBe('ok')
  })

  it('changes hands only with the signatures of both roots', () => {
    const heir = generateSigningKey()
    const handed = { ...second, rootKeys: [publicEntry(heir)] }
    expect(verdict(trustNext(current, sign(handed, heir)))).toBe('bad-signature')
    expect(verdict(trustNext(current, sign(handed, keys.root)))).toBe('bad-signature')
    expect(verdict(trustNext(current, sign(handed, heir, keys.root)))).toBe('ok')
  })

  it('skips nothing and never goes back', () => {
    expect(verdict(trustNext(current, sign({ ...second, version: 3 }, keys.root)))).toBe('wrong-version')
    expect(verdict(trustNext(current, current.envelope))).toBe('wrong-version')
    const next = trustNext(current, sign(second, keys.root))
    if (!next.ok) throw new Error(next.problem.message)
    expect(verdict(trustNext(next.trusted, sign(second, keys.root)))).toBe('wrong-version')
  })

  it('names the one before it, of the same fleet', () => {
    const orphan = { ...second, previousHash: 'A'.repeat(43) }
    expect(verdict(trustNext(current, sign(orphan, keys.root)))).toBe('wrong-ancestor')
    expect(verdict(trustNext(current, sign({ ...second, fleetId: 'other' }, keys.root)))).toBe('wrong-fleet')
  })

  it('takes back no revocation', () => {
    const revoking = trustNext(current, sign({ ...second, revoked: [keys.signer.id] }, keys.root))
    if (!revoking.ok) throw new Error(revoking.problem.message)
    const third = { ...second, version: 3, previousHash: revoking.trusted.hash, revoked: [] }
    expect(verdict(trustNext(revoking.trusted, sign(third, keys.root)))).toBe('unrevoked')
  })
})

describe('a threshold of two', () => {
  const other = generateSigningKey()
  const two: KeySet = { ...keys.keySet, rootKeys: [publicEntry(keys.root), publicEntry(other)], rootThreshold: 2 }

  it('needs two different keys: one that signs twice counts once', () => {
    expect(verdict(trustStored(sign(two, keys.root)))).toBe('bad-signature')
    expect(verdict(trustStored(sign(two, keys.root, keys.root)))).toBe('bad-signature')
    expect(verdict(trustStored(sign(two, keys.root, other)))).toBe('ok')
  })

  it('does not let one key appear under two names', () => {
    const twice = { ...two, rootKeys: [publicEntry(keys.root), { ...publicEntry(keys.root), id: 'f'.repeat(64) }] }
    expect(verdict(trustStored(sign(twice, keys.root)))).toBe('malformed-key-set')
    const same = { ...two, rootKeys: [publicEntry(keys.root), publicEntry(keys.root)] }
    expect(verdict(trustStored(sign(same, keys.root)))).toBe('malformed-key-set')
  })
})

describe('a document that is no key set', () => {
  const broken: Readonly<Record<string, object>> = {
    'lacks a field': { ...keys.keySet, revoked: undefined },
    'has a field too many': { ...keys.keySet, extra: 1 },
    'has no root key': { ...keys.keySet, rootKeys: [] },
    'asks for more signatures than keys': { ...keys.keySet, rootThreshold: 2 },
    'asks for no signature': { ...keys.keySet, rootThreshold: 0 },
    'allows an unknown kind': { ...keys.keySet, commandKeys: [{ ...commandKey(keys.signer), kinds: ['shell'] }] },
    'uses its root key for commands': { ...keys.keySet, commandKeys: [commandKey(keys.root)] },
    'has a version 2 without ancestor': { ...keys.keySet, version: 2 },
    'has a fractional version': { ...second, version: 2.5 },
  }

  it.each(Object.keys(broken))('is refused when it %s', name => {
    const payload = Buffer.from(JSON.stringify(broken[name]))
    const envelope = signEnvelope({ payloadType: KEYSET_TYPE, payload, keys: [keys.root.privateKey] })
    expect(verdict(trustStored(envelope))).toBe('malformed-key-set')
  })

  it('is refused when it is no JSON at all', () => {
    for (const payload of [Buffer.alloc(0), Buffer.from([0xff]), Buffer.from('[1]'), Buffer.from('null')]) {
      const envelope = signEnvelope({ payloadType: KEYSET_TYPE, payload, keys: [keys.root.privateKey] })
      expect(verdict(trustStored(envelope))).toBe('malformed-key-set')
    }
  })
})

function sign(keySet: KeySet, ...roots: readonly SigningKey[]): Envelope {
  return signKeySet(
    keySet,
    roots.map(root => root.privateKey),
  )
}

function verdict(check: KeySetCheck): string {
  return check.ok ? 'ok' : check.problem.code
}
