import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CertificateAuthority,
  createAuthority,
  openAuthority,
} from '../../orchestrator/ca/certificate-authority.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { Secret } from '../../shared/lib/secret.ts'
import type { TlsIdentity } from '../../shared/wire/channel.ts'

/** A real certificate authority for a test, with what servers and clients need of it. */
export interface TestPki {
  readonly fleetId: string
  readonly ca: CertificateAuthority
  /** For `localhost` and 127.0.0.1. */
  readonly server: TlsIdentity
  node(nodeId: string, generation?: number): Promise<TlsIdentity>
  user(name: string): Promise<TlsIdentity>
}

export async function createTestPki(): Promise<TestPki> {
  const fleetId = '0197a2b4-0000-7000-8000-00000000f1ee'
  const { certificatePem, privateKeyPem } = await createAuthority({ fleetName: 'test', now: systemClock.now() })
  const files = { certificatePem, privateKeyPem: new Secret(privateKeyPem) }
  const ca = await openAuthority({ fleetId, clock: systemClock, files })
  const server = await ca.issueServerCertificate({ names: ['localhost', '127.0.0.1'] })
  return {
    fleetId,
    ca,
    server: { certificatePem: server.pem, privateKeyPem: server.privateKeyPem },
    node: async (nodeId, generation = 1) => {
      const { csr, privateKeyPem } = opensslRequest()
      return { certificatePem: (await ca.issueNodeCertificate({ csr, nodeId, generation })).pem, privateKeyPem }
    },
    user: async name => {
      const { csr, privateKeyPem } = opensslRequest()
      return { certificatePem: (await ca.issueOperatorCertificate({ csr, user: name })).pem, privateKeyPem }
    },
  }
}

/** A P-256 key and a PKCS#10 request for it, made by openssl. */
export function opensslRequest(): { readonly csr: Buffer; readonly privateKeyPem: string } {
  const directory = mkdtempSync(join(tmpdir(), 'drover-csr-'))
  try {
    const keyPath = join(directory, 'key.pem')
    const csrPath = join(directory, 'csr.der')
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    writeFileSync(keyPath, privateKeyPem)
    const order = ['req', '-new', '-key', keyPath, '-subj', '/CN=wish', '-outform', 'DER', '-out', csrPath]
    execFileSync('openssl', order, { stdio: 'ignore' })
    return { csr: readFileSync(csrPath), privateKeyPem }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
