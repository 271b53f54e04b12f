import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { expect, it } from 'vitest'
import { scramVerifier } from './scram.ts'

it('makes the verifier that PostgreSQL itself would store', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  // RFC 7677 section 3: user `user`, password `pencil`, 4096 iterations, and the server signature of its exchange.
  const [, iterations, serverKey] = /^SCRAM-SHA-256\$(\d+):[^$]+\$[^:]+:(.+)$/.exec(scramVerifier('pencil', salt)) ?? []
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
  const message = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${nonce},s=${salt.toString('base64')},i=4096,c=biws,r=${nonce}`
  const signature = createHmac('sha256', Buffer.from(serverKey ?? '', 'base64'))
    .update(message)
    .digest('base64')
  expect(iterations).toBe('4096')
  expect(signature).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
})

it('stores a key from which the password cannot be checked without the salt', () => {
  const salt = Buffer.alloc(16, 7)
  const client = createHmac('sha256', pbkdf2Sync('secret', salt, 4096, 32, 'sha256'))
    .update('Client Key')
    .digest()
  expect(scramVerifier('secret', salt)).toContain(`$${createHash('sha256').update(client).digest('base64')}:`)
  expect(scramVerifier('secret')).not.toBe(scramVerifier('secret'))
})
