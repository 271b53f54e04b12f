import { assert, nat, property, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandKey, createTestKeys, signCommand, TEST_NOW, testCommand } from '../../test/support/command-fixture.ts'
import { decodeEnvelope, encodeCommand, encodeEnvelope } from '../wire/codec.ts'
import { COMMAND_TYPE, type Envelope, KEYSET_TYPE, signEnvelope } from './envelope.ts'
import { generateSigningKey } from './keys.ts'
import type { KeySet } from './keyset.ts'
import { MAX_COMMAND_BYTES, MAX_CONVERGE_BYTES, verifyCommand } from './verify-command.ts'

const { keySet, signer, root } = createTestKeys()

function verdict(envelope: Envelope, keys: KeySet = keySet, now = TEST_NOW): string {
  const result = verifyCommand({ envelope, keySet: keys, now })
  return result.ok ? 'ok' : result.reason
}

describe('a signed command', () => {
  it('is the command that was signed', () => {
    const command = testCommand({ sequence: 2 ** 40, notAfter: TEST_NOW + 1 })
    const envelope = decodeEnvelope(encodeEnvelope(signCommand(command, signer)))
    expect(verifyCommand({ envelope, keySet, now: TEST_NOW })).toMatchObject({ ok: true, command, keyId: signer.id })
  })

  it('has a payload hash that differs with every difference', () => {
    const hash = (sequence: number) => {
      const result = verifyCommand({ envelope: signCommand(testCommand({ sequence }), signer), keySet, now: TEST_NOW })
      return result.ok ? result.payloadHash : null
    }
    expect(hash(1)).toBe(hash(1))
    expect(hash(1)).not.toBe(hash(2))
  })

  it('is refused when any one bit of payload or signature has changed', () => {
    const envelope = signCommand(testCommand(), signer)
    const [signature] = envelope.signatures
    if (signature === undefined) throw new Error('unsigned')
    for (let bit = 0; bit < envelope.payload.byteLength * 8; bit += 1)
      expect(verdict({ ...envelope, payload: flip(envelope.payload, bit) })).toBe('bad-signature')
    for (let bit = 0; bit < signature.sig.byteLength * 8; bit += 1)
      expect(verdict({ ...envelope, signatures: [{ ...signature, sig: flip(signature.sig, bit) }] })).toBe(
        'bad-signature',
      )
  })

  it('is nothing but what was signed, whatever bit of its wire form has changed', () => {
    const bytes = encodeEnvelope(signCommand(testCommand(), signer))
    assert(
      property(nat(bytes.byteLength * 8 - 1), bit => {
        let envelope: Envelope
        try {
          envelope = decodeEnvelope(flip(bytes, bit))
        } catch {
          return
        }
        const result = verifyCommand({ envelope, keySet, now: TEST_NOW })
        if (result.ok) expect(result.command).toEqual(testCommand())
      }),
      { numRuns: 2000 },
    )
  })

  it('never makes the decoder throw, whatever the bytes', () => {
    assert(
      property(uint8Array({ maxLength: 200 }), payload => {
        const envelope = signEnvelope({ payloadType: COMMAND_TYPE, payload, keys: [signer.privateKey] })
        expect(['malformed', 'ok']).toContain(verdict(envelope))
      }),
    )
  })
})

describe('a command is refused as', () => {
  it('unknown-type, when a valid signature covers another type', () => {
    const payload = encodeCommand(testCommand())
    expect(verdict(signEnvelope({ payloadType: KEYSET_TYPE, payload, keys: [signer.privateKey] }))).toBe('unknown-type')
  })

  it('bad-signature, when the type was swapped after signing', () => {
    const payload = encodeCommand(testCommand())
    const signed = signEnvelope({ payloadType: KEYSET_TYPE, payload, keys: [signer.privateKey] })
    expect(verdict({ ...signed, payloadType: COMMAND_TYPE })).toBe('bad-signature')
  })

  it('unknown-key, for a stranger, the root key, and nobody', () => {
    expect(verdict(signCommand(testCommand(), generateSigningKey()))).toBe('unknown-key')
    expect(verdict(signCommand(testCommand(), root))).toBe('unknown-key')
    expect(verdict({ ...signCommand(testCommand(), signer), signatures: [] })).toBe('unknown-key')
  })

  it('bad-signature, for a stranger who borrows the id of the signer', () => {
    const envelope = signCommand(testCommand(), generateSigningKey())
    const signatures = envelope.signatures.map(signature => ({ ...signature, keyid: signer.id }))
    expect(verdict({ ...envelope, signatures })).toBe('bad-signature')
  })

  it('revoked-key, whether or not the key is still listed', () => {
    const envelope = signCommand(testCommand(), signer)
    expect(verdict(envelope, { ...keySet, revoked: [signer.id] })).toBe('revoked-key')
    expect(verdict(envelope, { ...keySet, commandKeys: [], revoked: [signer.id] })).toBe('revoked-key')
    const unhinted = { ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ keyid: '', sig })) }
    expect(verdict(unhinted, { ...keySet, revoked: [signer.id] })).toBe('revoked-key')
  })

  it('key-not-allowed, for a kind, a time or a role the key is not for', () => {
    const envelope = signCommand(testCommand(), signer)
    const withKey = (overrides: Parameters<typeof commandKey>[1]): KeySet => ({
      ...keySet,
      commandKeys: [commandKey(signer, overrides)],
    })
    expect(verdict(envelope, withKey({ kinds: ['converge'] }))).toBe('key-not-allowed')
    expect(verdict(envelope, withKey({ kinds: ['converge', 'facts.collect'] }))).toBe('ok')
    expect(verdict(envelope, withKey({ notAfter: TEST_NOW - 1 }))).toBe('key-not-allowed')
    expect(verdict(envelope, withKey({ notBefore: TEST_NOW + 1 }))).toBe('key-not-allowed')
    expect(verdict(envelope, withKey({ role: 'operator' }))).toBe('key-not-allowed')
  })

  it('oversize, before anything is decoded, and by kind after', () => {
    const huge = { payloadType: COMMAND_TYPE, payload: Buffer.alloc(MAX_CONVERGE_BYTES + 1), signatures: [] }
    expect(verdict(huge)).toBe('oversize')
    const padded = (kind: 'converge' | 'disk.probe') =>
      signCommand(testCommand({ kind, args: { directory: 'x'.repeat(MAX_COMMAND_BYTES) } }), signer)
    expect(verdict(padded('disk.probe'))).toBe('oversize')
    expect(verdict(padded('converge'))).toBe('ok')
    const envelope = signCommand(testCommand(), signer)
    const signatures = Array.from({ length: 9 }, () => envelope.signatures[0] ?? { keyid: '', sig: Buffer.alloc(64) })
    expect(verdict({ ...envelope, signatures })).toBe('oversize')
  })

  it('malformed, for a kind the agent does not know, even when signed', () => {
    const command = testCommand({ kind: 'shell.run' as never })
    expect(verdict(signCommand(command, signer))).toBe('malformed')
    const noObject = testCommand({ args: [] as never })
    expect(verdict(signCommand(noObject, signer))).toBe('malformed')
  })

  it('stale-keyset, once the key set has expired, unless it is harmless', () => {
    const expired = { ...keySet, expiresAt: TEST_NOW - 1 }
    const probe = testCommand({ kind: 'disk.probe', args: { directory: '/var/lib' } })
    expect(verdict(signCommand(probe, signer), expired)).toBe('stale-keyset')
    expect(verdict(signCommand(testCommand(), signer), expired)).toBe('ok')
  })
})

function flip(bytes: Uint8Array, bit: number): Buffer {
  const altered = Buffer.from(bytes)
  altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return altered
}
