import { type KeyObject, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { CertificateItem } from '../../shared/domain/manifest.ts'
import { USAGE_OIDS } from '../keys/certificate-request.ts'

/** Renewed after two thirds of its life. */
const RENEW_AT = 2 / 3

export interface CertificateOnDisk {
  readonly certificatePem: string
  readonly caPem: string
  readonly key: KeyObject
}

/** Why a new certificate is needed, or null. */
export function certificateProblem(item: CertificateItem, disk: CertificateOnDisk, nowMs: number): string | null {
  const certificate = parse(disk.certificatePem)
  if (certificate === null) return 'the certificate cannot be read'
  if (!certificate.checkPrivateKey(disk.key)) return 'the certificate belongs to another key'
  if (!isSignedBy(certificate, disk.caPem)) return 'the certificate is not signed by the CA beside it'
  if (!certificate.subject.split('\n').includes(`CN=${item.commonName}`)) return `the common name differs`
  if (!sameSet(namesOf(certificate), item.sans.map(canonicalName))) return 'the names it is valid for differ'
  if (
    !sameSet(
      certificate.keyUsage ?? [],
      item.usages.map(usage => USAGE_OIDS[usage]),
    )
  )
    return 'its usages differ'
  return dueReason(certificate, nowMs)
}

function dueReason(certificate: X509Certificate, nowMs: number): string | null {
  const from = certificate.validFromDate.getTime()
  const to = certificate.validToDate.getTime()
  if (nowMs >= to) return 'the certificate has expired'
  return nowMs >= from + (to - from) * RENEW_AT ? 'the certificate is due for renewal' : null
}

function isSignedBy(certificate: X509Certificate, caPem: string): boolean {
  return splitPem(caPem).some(pem => {
    const ca = parse(pem)
    return ca !== null && certificate.checkIssued(ca) && certificate.verify(ca.publicKey)
  })
}

export function splitPem(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
}

function namesOf(certificate: X509Certificate): readonly string[] {
  const entries = (certificate.subjectAltName ?? '').split(', ').filter(entry => entry !== '')
  return entries.map(entry => canonicalName(entry.replace(/^(DNS|IP Address):/, '')))
}

function canonicalName(name: string): string {
  return isIP(name) === 6 ? new URL(`http://[${name}]/`).hostname : name.toLowerCase()
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  const set = new Set(left)
  return set.size === new Set(right).size && right.every(name => set.has(name))
}

function parse(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem)
  } catch {
    return null
  }
}
