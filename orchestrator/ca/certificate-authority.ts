import { createPrivateKey, generateKeyPairSync, X509Certificate as NodeCertificate, webcrypto } from 'node:crypto'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FleetId, NodeId } from '../../shared/domain/ids.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Secret } from '../../shared/lib/secret.ts'
import { formatSpiffe, USER_NAME } from '../../shared/wire/spiffe.ts'
import {
  buildAuthority,
  buildLeaf,
  type CertificateUsage,
  type IssuedCertificate,
  type LeafOrder,
} from './certificate-builder.ts'
import { readCertificateRequest } from './certificate-request.ts'
import { X509Certificate } from './x509.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const YEAR_MS = 365 * DAY_MS
/** Clocks of hosts differ a little. */
const BACKDATE_MS = 300_000
const AUTHORITY_YEARS = 10

/** How long each kind of certificate lives, in milliseconds. */
export const LIFETIME = { node: DAY_MS, server: 90 * DAY_MS, service: YEAR_MS, operator: YEAR_MS } as const

/** The fleet's certificate authority. Requests are PKCS#10 DER; the names in them are ignored. */
export interface CertificateAuthority {
  readonly caPem: string
  /** Throws `invalid` when `readCertificateRequest` would. */
  checkRequest(csr: Uint8Array): void
  /** For the mesh: 24 h, client, URI SAN with fleet, node and generation. */
  issueNodeCertificate(order: NodeOrder): Promise<IssuedCertificate>
  /** For the orchestrator's own listeners; makes the key too. */
  issueServerCertificate(order: ServerOrder): Promise<ServerCertificate>
  /** For software on nodes (Patroni, etcd, PostgreSQL …), after the caller has checked every name. Never names a node or user. */
  issueServiceCertificate(order: ServiceOrder): Promise<IssuedCertificate>
  /** For people who use the API over mTLS: one year, client, URI SAN and common name with the user. */
  issueOperatorCertificate(order: OperatorOrder): Promise<IssuedCertificate>
}

export interface NodeOrder {
  readonly csr: Uint8Array
  readonly nodeId: NodeId
  readonly generation: number
}

export interface ServerOrder {
  readonly commonName?: string
  /** DNS names and IP addresses that clients dial. */
  readonly names: readonly string[]
}

export interface ServerCertificate extends IssuedCertificate {
  /** PKCS#8. */
  readonly privateKeyPem: string
}

export interface ServiceOrder {
  readonly csr: Uint8Array
  readonly commonName: string
  /** DNS names and IP addresses. */
  readonly names: readonly string[]
  readonly usages: readonly CertificateUsage[]
}

export interface OperatorOrder {
  readonly csr: Uint8Array
  readonly user: string
}

export interface AuthorityFiles {
  readonly certificatePem: string
  readonly privateKeyPem: Secret
}

export async function createAuthority(options: {
  readonly fleetName: string
  readonly now: number
}): Promise<{ readonly certificatePem: string; readonly privateKeyPem: string }> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const { pem } = await buildAuthority({
    keys,
    commonName: `Drover fleet ${options.fleetName}`,
    notBefore: options.now - BACKDATE_MS,
    notAfter: options.now + AUTHORITY_YEARS * YEAR_MS,
  })
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return { certificatePem: pem, privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }) as string }
}

/** Throws `failed` when certificate and key do not belong together. */
export async function openAuthority(options: {
  readonly fleetId: FleetId
  readonly files: AuthorityFiles
  readonly clock: Clock
}): Promise<CertificateAuthority> {
  const { fleetId, files, clock } = options
  const issuer = new X509Certificate(files.certificatePem)
  const issuerKey = await importKey(files.certificatePem, files.privateKeyPem)

  type Wanted = Omit<LeafOrder, 'issuer' | 'issuerKey' | 'notBefore' | 'notAfter'>
  const leaf = (wanted: Wanted, lifetimeMs: number) => {
    const now = clock.now()
    return buildLeaf({ ...wanted, issuer, issuerKey, notBefore: now - BACKDATE_MS, notAfter: now + lifetimeMs })
  }

  return {
    caPem: files.certificatePem,
    checkRequest: csr => {
      readCertificateRequest(csr)
    },
    issueNodeCertificate: async ({ csr, nodeId, generation }) => {
      const { publicKey } = readCertificateRequest(csr)
      const uri = formatSpiffe({ kind: 'node', fleetId, nodeId, generation })
      return leaf({ publicKey, commonName: nodeId, names: [], uris: [uri], usages: ['client'] }, LIFETIME.node)
    },
    issueServerCertificate: async ({ commonName = 'drover', names }) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const spki = publicKey.export({ type: 'spki', format: 'der' })
      const certificate = await leaf(
        { publicKey: spki, commonName, names, uris: [], usages: ['server'] },
        LIFETIME.server,
      )
      return { ...certificate, privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string }
    },
    issueServiceCertificate: async ({ csr, commonName, names, usages }) => {
      const { publicKey } = readCertificateRequest(csr)
      if (usages.length === 0) throw new DroverError('invalid', 'a certificate without a usage is good for nothing')
      return leaf({ publicKey, commonName, names, uris: [], usages }, LIFETIME.service)
    },
    issueOperatorCertificate: async ({ csr, user }) => {
      const { publicKey } = readCertificateRequest(csr)
      if (!USER_NAME.test(user)) throw new DroverError('invalid', `${JSON.stringify(user)} is no user name`)
      const uri = formatSpiffe({ kind: 'user', fleetId, name: user })
      return leaf({ publicKey, commonName: user, names: [], uris: [uri], usages: ['client'] }, LIFETIME.operator)
    },
  }
}

async function importKey(certificatePem: string, privateKeyPem: Secret): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(privateKeyPem.reveal())
  if (!new NodeCertificate(certificatePem).checkPrivateKey(key))
    throw new DroverError('failed', 'the key of the certificate authority does not fit its certificate', {
      hint: 'restore ca.pem and ca.key from the same backup',
    })
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
}
