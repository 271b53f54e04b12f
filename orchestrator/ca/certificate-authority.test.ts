import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../shared/lib/secret.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import { type CertificateAuthority, createAuthority, LIFETIME, openAuthority } from './certificate-authority.ts'
import { type CertificateRequest, readCertificateRequest } from './certificate-request.ts'

const FLEET = '0197a2b4-0000-7000-8000-000000000001'
const clock = new ManualClock(Math.floor(Date.now() / 1000) * 1000)
const keyPairs = {
  ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ec384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ec256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  ed25519: () => generateKeyPairSync('ed25519'),
  ed448: () => generateKeyPairSync('ed448'),
  rsa1024: () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  rsa2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
let directory: string
let ca: CertificateAuthority

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'drover-ca-'))
  const files = await createAuthority({ fleetName: 'test', now: clock.now() })
  ca = await open(files)
  writeFileSync(join(directory, 'ca.pem'), files.certificatePem)
})
afterAll(() => rmSync(directory, { recursive: true }))

describe('the authority', () => {
  it('lives ten years and may sign no other authority', () => {
    const certificate = new X509Certificate(ca.caPem)
    expect(certificate.ca).toBe(true)
    expect(Date.parse(certificate.validTo) - clock.now()).toBe(10 * 365 * 86_400_000)
    expect(openssl('x509', '-noout', '-text', '-in', join(directory, 'ca.pem'))).toContain('CA:TRUE, pathlen:0')
  })

  it('does not open with the key of another', async () => {
    const one = await createAuthority({ fleetName: 'one', now: clock.now() })
    const two = await createAuthority({ fleetName: 'two', now: clock.now() })
    await expect(open({ ...one, privateKeyPem: two.privateKeyPem })).rejects.toMatchObject({ code: 'failed' })
  })
})

describe('a node certificate', () => {
  it('names fleet, node and generation, for a day, as a client', async () => {
    const issued = await ca.issueNodeCertificate({ csr: request('ec'), nodeId: 'node-id', generation: 3 })
    const certificate = new X509Certificate(issued.pem)
    expect(certificate.subjectAltName).toBe(`URI:spiffe://${FLEET}/node/node-id/3`)
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(Date.parse(certificate.validFrom)).toBe(clock.now() - 300_000)
    expect(Date.parse(certificate.validTo)).toBe(clock.now() + LIFETIME.node)
    expect(certificate.serialNumber).toBe(issued.serial)
    expect(certificate.verify(new X509Certificate(ca.caPem).publicKey)).toBe(true)
    expect(verifies(issued.pem, 'sslclient')).toContain('OK')
    expect(() => verifies(issued.pem, 'sslserver')).toThrow()
  })

  it.each(['ec', 'ec384', 'ed25519', 'rsa2048'] as const)('is issued for a key of type %s', async type => {
    const issued = await ca.issueNodeCertificate({ csr: request(type), nodeId: 'n', generation: 1 })
    expect(verifies(issued.pem, 'sslclient')).toContain('OK')
  })

  it.each(['ec256k1', 'rsa1024', 'ed448'] as const)('is refused for a key of type %s', async type => {
    const order = { csr: request(type), nodeId: 'n', generation: 1 }
    await expect(ca.issueNodeCertificate(order)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('refused'),
    })
  })

  it('gets a serial number of its own each time', async () => {
    const csr = request('ec')
    const issue = () => ca.issueNodeCertificate({ csr, nodeId: 'n', generation: 1 })
    const serials = await Promise.all([issue(), issue(), issue()])
    expect(new Set(serials.map(issued => issued.serial)).size).toBe(3)
  })
})

describe('a certificate request', () => {
  it('is refused when a bit that its signature covers has changed', () => {
    const csr = request('ec')
    const { publicKey } = readCertificateRequest(csr)
    const outside: number[] = []
    // Seven by seven: a bit of every byte, each position in turn.
    for (let bit = 0; bit < csr.byteLength * 8; bit += 7) {
      const altered = Buffer.from(csr)
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const read = attempt(altered)
      if (read === null) continue
      expect(read.publicKey).toEqual(publicKey)
      outside.push(bit >> 3)
    }
    // Outer header of three bytes, then the signed sequence with its length in one byte; what follows only wraps the signature.
    const signedEnd = 3 + 2 + (csr[4] ?? 0)
    expect(outside.filter(byte => byte >= 3 && byte < signedEnd)).toEqual([])
  })

  it('is refused when it is none', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(20_000, 0x30)])
      expect(() => ca.checkRequest(bytes)).toThrowError(expect.objectContaining({ code: 'invalid' }))
  })
})

describe('a service certificate', () => {
  it('carries the names the caller has checked, and those alone', async () => {
    const issued = await ca.issueServiceCertificate({
      csr: request('ec'),
      commonName: 'pg-main-1',
      names: ['node-1', 'node-1.example.org', '10.10.10.11', 'fd00::1'],
      usages: ['server', 'client'],
    })
    const certificate = new X509Certificate(issued.pem)
    expect(certificate.subjectAltName).toBe(
      'DNS:node-1, DNS:node-1.example.org, IP Address:10.10.10.11, IP Address:FD00:0:0:0:0:0:0:1',
    )
    expect(certificate.subject).toBe('CN=pg-main-1')
    expect(verifies(issued.pem, 'sslserver')).toContain('OK')
  })

  it('never names a node or a user of the mesh', async () => {
    const order = { csr: request('ec'), commonName: 'x', usages: ['client'] as const }
    for (const name of [`spiffe://${FLEET}/node/other/1`, 'URI:spiffe://x', 'a b', 'a,DNS:b', ''])
      await expect(ca.issueServiceCertificate({ ...order, names: [name] })).rejects.toMatchObject({ code: 'invalid' })
    for (const commonName of ['', 'a\n', 'CN=a,O=b', '#0401', 'x'.repeat(65)])
      await expect(ca.issueServiceCertificate({ ...order, commonName, names: [] })).rejects.toMatchObject({
        code: 'invalid',
      })
  })
})

describe('an operator certificate', () => {
  it('names the user', async () => {
    const issued = await ca.issueOperatorCertificate({ csr: request('ec'), user: 'alice' })
    const certificate = new X509Certificate(issued.pem)
    expect(certificate.subject).toBe('CN=alice')
    expect(certificate.subjectAltName).toBe(`URI:spiffe://${FLEET}/user/alice`)
  })

  it('is refused for what is no user name', async () => {
    const order = { csr: request('ec'), user: 'Alice/../node' }
    await expect(ca.issueOperatorCertificate(order)).rejects.toMatchObject({ code: 'invalid' })
  })
})

function open(files: {
  readonly certificatePem: string
  readonly privateKeyPem: string
}): Promise<CertificateAuthority> {
  const { certificatePem, privateKeyPem } = files
  return openAuthority({ fleetId: FLEET, clock, files: { certificatePem, privateKeyPem: new Secret(privateKeyPem) } })
}

/** Made by openssl, so that the parser is not tested against itself. */
function request(type: keyof typeof keyPairs): Buffer {
  const keyPath = join(directory, 'request.key')
  const csrPath = join(directory, 'request.der')
  writeFileSync(keyPath, keyPairs[type]().privateKey.export({ type: 'pkcs8', format: 'pem' }))
  openssl('req', '-new', '-key', keyPath, '-subj', '/CN=wish', '-outform', 'DER', '-out', csrPath)
  return readFileSync(csrPath)
}

function attempt(csr: Buffer): CertificateRequest | null {
  try {
    return readCertificateRequest(csr)
  } catch (error) {
    expect(error).toMatchObject({ name: 'DroverError', code: 'invalid' })
    return null
  }
}

function verifies(pem: string, purpose: 'sslclient' | 'sslserver'): string {
  const path = join(directory, 'leaf.pem')
  writeFileSync(path, pem)
  return openssl('verify', '-CAfile', join(directory, 'ca.pem'), '-purpose', purpose, '-x509_strict', path)
}

function openssl(...args: readonly string[]): string {
  return execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
