import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { certificateRequest } from './certificate-request.ts'

describe('a certificate request', () => {
  it('is one that OpenSSL verifies and reads', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const sans = ['db.example', '10.1.2.3', 'fe80::1:2', '::ffff:10.0.0.1']
    const input = certificateRequest({ key: privateKey, commonName: 'pg-main-1', sans, usages: ['server', 'client'] })
    const argv = ['req', '-inform', 'der', '-noout', '-text', '-verify', '-nameopt', 'RFC2253']
    const text = execFileSync('openssl', argv, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] })
    expect(text).toContain('Subject: CN=pg-main-1')
    expect(text).toContain(
      'DNS:db.example, IP Address:10.1.2.3, IP Address:FE80:0:0:0:0:0:1:2, IP Address:0:0:0:0:0:FFFF:A00:1',
    )
    expect(text).toContain('TLS Web Server Authentication, TLS Web Client Authentication')
  })
})
