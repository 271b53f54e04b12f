import { randomBytes, type webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import { DroverError } from '../../shared/domain/errors.ts'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from './x509.ts'

export type CertificateUsage = 'server' | 'client'

export interface IssuedCertificate {
  readonly pem: string
  /** Upper-case hex, as TLS reports it. */
  readonly serial: string
  /** Unix milliseconds. */
  readonly notBefore: number
  readonly notAfter: number
}

export interface LeafOrder {
  readonly issuer: X509Certificate
  readonly issuerKey: webcrypto.CryptoKey
  /** SPKI DER. */
  readonly publicKey: Uint8Array
  readonly commonName: string
  /** DNS names and IP addresses. */
  readonly names: readonly string[]
  readonly uris: readonly string[]
  readonly usages: readonly CertificateUsage[]
  readonly notBefore: number
  readonly notAfter: number
}

const COMMON_NAME = /^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}$/
const DNS_NAME = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i

/** Throws `invalid` for names that are no names; what may be certified to whom is the caller's decision. */
export async function buildLeaf(order: LeafOrder): Promise<IssuedCertificate> {
  const { issuer, publicKey, notBefore, notAfter } = order
  const key = new PublicKey(Buffer.from(publicKey))
  const serial = newSerial()
  const sans = [...order.names.map(nameOf), ...order.uris.map((value): JsonGeneralName => ({ type: 'url', value }))]
  const purposes = order.usages.map(usage =>
    usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
  )
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial,
    subject: subjectOf(order.commonName),
    issuer: issuer.subjectName,
    notBefore: new Date(notBefore),
    notAfter: new Date(Math.min(notAfter, issuer.notAfter.getTime())),
    publicKey: key,
    signingKey: order.issuerKey,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(purposes),
      ...(sans.length === 0 ? [] : [new SubjectAlternativeNameExtension(sans)]),
      await SubjectKeyIdentifierExtension.create(key),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return issued(certificate)
}

/** A P-256 authority that may sign end certificates and no other authority. */
export async function buildAuthority(order: {
  readonly keys: webcrypto.CryptoKeyPair
  readonly commonName: string
  readonly notBefore: number
  readonly notAfter: number
}): Promise<IssuedCertificate> {
  const { keys } = order
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: subjectOf(order.commonName),
    notBefore: new Date(order.notBefore),
    notAfter: new Date(order.notAfter),
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return issued(certificate)
}

function issued(certificate: X509Certificate): IssuedCertificate {
  return {
    pem: `${certificate.toString('pem')}\n`,
    serial: certificate.serialNumber.toUpperCase(),
    notBefore: certificate.notBefore.getTime(),
    notAfter: certificate.notAfter.getTime(),
  }
}

/** 127 random bits; positive and without a leading zero byte, so that every tool prints it alike. */
function newSerial(): string {
  const bytes = randomBytes(16)
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0)
  return bytes.toString('hex')
}

function subjectOf(commonName: string): Name {
  if (!COMMON_NAME.test(commonName))
    throw new DroverError('invalid', `${JSON.stringify(commonName)} cannot be the common name of a certificate`)
  return new Name([{ CN: [commonName] }])
}

function nameOf(value: string): JsonGeneralName {
  if (isIP(value) !== 0) return { type: 'ip', value }
  if (value.length <= 253 && DNS_NAME.test(value)) return { type: 'dns', value }
  throw new DroverError('invalid', `${JSON.stringify(value)} is neither a DNS name nor an IP address`)
}
