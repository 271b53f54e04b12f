import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { DroverError } from '../../shared/domain/errors.ts'
import { Secret } from '../../shared/lib/secret.ts'

const FORMAT = 'drover-sealed-key-1'
/** RFC 7914's parameters; 2¹⁷ costs an attacker 128 MiB and about half a second a guess. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const

interface SealedKey {
  readonly format: typeof FORMAT
  /** All base64. */
  readonly salt: string
  readonly iv: string
  readonly tag: string
  readonly data: string
}

/**
 * A PKCS#8 PEM under a passphrase: AES-256-GCM with a key from scrypt. OpenSSL's own encrypted PKCS#8, as Node writes it,
 * stretches the passphrase with 2048 rounds of PBKDF2 only.
 */
export function sealKey(pem: Secret, passphrase: Secret): string {
  const salt = randomBytes(16)
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase.reveal(), salt, 32, COST), iv)
  cipher.setAAD(Buffer.from(FORMAT))
  const data = Buffer.concat([cipher.update(pem.reveal(), 'utf8'), cipher.final()])
  const base64 = (bytes: Buffer) => bytes.toString('base64')
  const sealed: SealedKey = {
    format: FORMAT,
    salt: base64(salt),
    iv: base64(iv),
    tag: base64(cipher.getAuthTag()),
    data: base64(data),
  }
  return `${JSON.stringify(sealed, null, 2)}\n`
}

export function isSealedKey(text: string): boolean {
  return text.trimStart().startsWith('{')
}

/** Throws `denied` for a wrong passphrase (or an altered file: the two cannot be told apart). */
export function openSealedKey(text: string, passphrase: Secret): Secret {
  try {
    const sealed = JSON.parse(text) as SealedKey
    if (sealed.format !== FORMAT) throw new Error('unknown format')
    const bytes = (field: 'salt' | 'iv' | 'tag' | 'data') => Buffer.from(sealed[field], 'base64')
    const key = scryptSync(passphrase.reveal(), bytes('salt'), 32, COST)
    const decipher = createDecipheriv('aes-256-gcm', key, bytes('iv'), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(FORMAT))
    decipher.setAuthTag(bytes('tag'))
    return new Secret(Buffer.concat([decipher.update(bytes('data')), decipher.final()]).toString('utf8'))
  } catch {
    throw new DroverError('denied', 'the key does not open with this passphrase')
  }
}
