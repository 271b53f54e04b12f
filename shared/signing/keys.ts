import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { DroverError } from '../domain/errors.ts'
import { keyIdOf, spkiOf } from './envelope.ts'

/** An Ed25519 key: command signer, root key, or a node's identity, which outlives its certificates. */
export interface SigningKey {
  readonly id: string
  readonly privateKey: KeyObject
  /** SPKI DER. */
  readonly publicKey: Buffer
}

export function generateSigningKey(): SigningKey {
  return signingKeyOf(generateKeyPairSync('ed25519').privateKey)
}

export function signingKeyOf(privateKey: KeyObject): SigningKey {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyType !== 'ed25519')
    throw new DroverError(
      'invalid',
      `expected an Ed25519 private key, got ${privateKey.asymmetricKeyType ?? privateKey.type}`,
    )
  return { id: keyIdOf(privateKey), privateKey, publicKey: spkiOf(privateKey) }
}

/** PKCS#8 PEM, unencrypted: the file's mode must protect it. */
export function privateKeyToPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

/** Throws `invalid`; the message never shows the input. */
export function signingKeyFromPem(pem: string): SigningKey {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    throw new DroverError('invalid', 'the private key file is no readable PEM key')
  }
  return signingKeyOf(key)
}

/** An Ed25519 public key from SPKI DER. Throws `invalid` for any other key, and for DER that is not canonical. */
export function publicKeyFromSpki(spki: Uint8Array): KeyObject {
  const der = Buffer.from(spki)
  let key: KeyObject
  try {
    key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    throw new DroverError('invalid', 'the public key is no SPKI DER')
  }
  if (key.asymmetricKeyType !== 'ed25519' || !spkiOf(key).equals(der))
    throw new DroverError('invalid', 'the public key is no canonical Ed25519 key')
  return key
}
