import type { NodeRecord } from '../node-record.ts'

/** What enrolment needs of the certificate authority. */
export interface NodeCertificates {
  /** Rejects when the request is no PKCS#10 with a good signature and a key type the fleet takes. */
  check(csr: Uint8Array): Promise<void>
  /** A certificate that names fleet, node and generation, whatever names the CSR asks for. */
  issue(node: Pick<NodeRecord, 'id' | 'generation'>, csr: Uint8Array): Promise<IssuedCertificate>
}

export interface IssuedCertificate {
  readonly pem: string
  /** Upper-case hex. */
  readonly serial: string
  /** Unix milliseconds. */
  readonly notAfter: number
}

/** What the node record keeps of a certificate. */
export function factsOf({ serial, notAfter }: IssuedCertificate): NonNullable<NodeRecord['certificate']> {
  return { serial, notAfter }
}
