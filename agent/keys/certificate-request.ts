import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import { DroverError } from '../../shared/domain/errors.ts'
import { der } from './der.ts'

export interface CertificateRequestOptions {
  /** P-256 private key; the request is signed with it and carries its public half. */
  readonly key: KeyObject
  readonly commonName: string
  /** DNS names and IP addresses. */
  readonly sans: readonly string[]
  readonly usages: readonly ('server' | 'client')[]
}

/** A PKCS#10 request (RFC 2986) in DER, with subjectAltName and extKeyUsage as requested extensions. */
export function certificateRequest(options: CertificateRequestOptions): Uint8Array {
  const { key, commonName } = options
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const subject = der.sequence(der.set(der.sequence(der.oid(OID.commonName), der.utf8(commonName))))
  const info = der.sequence(der.integer(0), subject, publicKey, der.context(0, ...attributes(options)))
  const signature = sign('sha256', info, key)
  return der.sequence(info, der.sequence(der.oid(OID.ecdsaWithSha256)), der.bits(signature))
}

function attributes({ sans, usages }: CertificateRequestOptions): readonly Uint8Array[] {
  const extensions: Uint8Array[] = []
  if (sans.length > 0) extensions.push(extension(OID.subjectAltName, der.sequence(...sans.map(generalName))))
  if (usages.length > 0) {
    extensions.push(extension(OID.extKeyUsage, der.sequence(...usages.map(usage => der.oid(USAGE_OIDS[usage])))))
  }
  if (extensions.length === 0) return []
  return [der.sequence(der.oid(OID.extensionRequest), der.set(der.sequence(...extensions)))]
}

function extension(oid: string, value: Uint8Array): Uint8Array {
  return der.sequence(der.oid(oid), der.octets(value))
}

function generalName(name: string): Uint8Array {
  if (isIPv4(name)) return der.implicit(7, Uint8Array.from(name.split('.'), Number))
  if (isIPv6(name)) return der.implicit(7, ipv6Bytes(name))
  if (!/^[\x21-\x7e]+$/.test(name)) throw new DroverError('invalid', `${JSON.stringify(name)} is not a DNS name`)
  return der.implicit(2, Buffer.from(name, 'ascii'))
}

function ipv6Bytes(address: string): Uint8Array {
  // The URL parser gives the canonical text: lower case, no embedded IPv4, at most one `::`.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16)))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0)
  return Uint8Array.from([...left, ...zeros, ...right].flatMap(group => [group >> 8, group & 0xff]))
}

export const USAGE_OIDS = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const

const OID = {
  commonName: '2.5.4.3',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  extensionRequest: '1.2.840.113549.1.9.14',
  subjectAltName: '2.5.29.17',
  extKeyUsage: '2.5.29.37',
} as const
