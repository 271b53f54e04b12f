import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DroverError } from '../domain/errors.ts'
import { formatJoinToken, isJoinProof, joinProof, makeJoinToken, parseJoinToken, tokenVerifier } from './join-token.ts'
import { generateSigningKey, privateKeyToPem, publicKeyFromSpki, signingKeyFromPem } from './keys.ts'
import { preAuthEncoding } from './pae.ts'
import { isRecoverySigned, signRecovery } from './recovery-proof.ts'

const pin = randomBytes(32).toString('base64url')

describe('the pre-authentication encoding', () => {
  it('is that of the DSSE specification', () => {
    const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'))
    expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  })

  it('counts bytes, so that nothing can move from type to payload', () => {
    expect(preAuthEncoding('tü', Buffer.from('x')).toString()).toBe('DSSEv1 3 tü 1 x')
    expect(preAuthEncoding('a 1 b', Buffer.from('c'))).not.toEqual(preAuthEncoding('a', Buffer.from('b 1 c')))
  })
})

describe('a join token', () => {
  it('survives being written and read, whatever characters its secret has', () => {
    for (let round = 0; round < 200; round += 1) {
      const token = makeJoinToken(pin)
      const read = parseJoinToken(` ${formatJoinToken(token).reveal()}\n`)
      expect([read.id, read.secret.reveal(), read.pin]).toEqual([token.id, token.secret.reveal(), pin])
    }
  })

  it('is refused, without being shown, when it is none', () => {
    const text = formatJoinToken(makeJoinToken(pin)).reveal()
    for (const broken of ['', 'drv1_', text.slice(0, -1), `${text}x`, text.replace('drv1', 'drv2')]) {
      const error = catchError(() => parseJoinToken(broken))
      expect(error).toMatchObject({ code: 'invalid', hint: expect.stringContaining('drover token create') })
      if (broken.length > 20) expect(error.message).not.toContain(broken.slice(16, 40))
    }
  })

  it('does not print its secret', () => {
    const token = makeJoinToken(pin)
    expect(JSON.stringify(token)).not.toContain(token.secret.reveal())
    expect(String(formatJoinToken(token))).toBe('[REDACTED]')
  })
})

describe('the proof of a join token', () => {
  const token = makeJoinToken(pin)
  const parts = {
    verifier: tokenVerifier(token.secret),
    nonce: randomBytes(32),
    csr: randomBytes(200),
    identityKey: generateSigningKey().publicKey,
  }

  it('holds for exactly this token, nonce, request and key', () => {
    const proof = joinProof(parts)
    expect(isJoinProof(proof, parts)).toBe(true)
    expect(isJoinProof(proof, { ...parts, nonce: randomBytes(32) })).toBe(false)
    expect(isJoinProof(proof, { ...parts, csr: randomBytes(200) })).toBe(false)
    expect(isJoinProof(proof, { ...parts, identityKey: generateSigningKey().publicKey })).toBe(false)
    expect(isJoinProof(proof, { ...parts, verifier: tokenVerifier(makeJoinToken(pin).secret) })).toBe(false)
    expect(isJoinProof(proof.subarray(1), parts)).toBe(false)
  })

  it('needs a whole nonce', () => {
    expect(() => joinProof({ ...parts, nonce: randomBytes(31) })).toThrow(DroverError)
  })
})

describe('the proof of a node identity', () => {
  it('holds for exactly this key, nonce and request', () => {
    const identity = generateSigningKey()
    const publicKey = publicKeyFromSpki(identity.publicKey)
    const parts = { nonce: randomBytes(32), csr: randomBytes(200) }
    const signature = signRecovery(identity.privateKey, parts)
    expect(isRecoverySigned({ ...parts, identity: publicKey, signature })).toBe(true)
    expect(isRecoverySigned({ ...parts, identity: publicKey, signature, csr: randomBytes(200) })).toBe(false)
    expect(isRecoverySigned({ ...parts, identity: publicKey, signature, nonce: randomBytes(32) })).toBe(false)
    const other = publicKeyFromSpki(generateSigningKey().publicKey)
    expect(isRecoverySigned({ ...parts, identity: other, signature })).toBe(false)
  })
})

describe('keys', () => {
  it('survive PEM, and refuse what is none without showing it', () => {
    const key = generateSigningKey()
    expect(signingKeyFromPem(privateKeyToPem(key.privateKey)).id).toBe(key.id)
    const error = catchError(() => signingKeyFromPem('-----BEGIN PRIVATE KEY-----\nsecret\n'))
    expect(error.code).toBe('invalid')
    expect(`${error.message} ${String(error.cause)}`).not.toContain('secret')
    expect(() => publicKeyFromSpki(Buffer.from('x'))).toThrow(DroverError)
  })
})

function catchError(work: () => unknown): DroverError {
  try {
    work()
  } catch (error) {
    if (error instanceof DroverError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
