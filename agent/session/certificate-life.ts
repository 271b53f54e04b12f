import { X509Certificate } from 'node:crypto'

export interface CertificateLife {
  /** Unix milliseconds. */
  readonly renewAt: number
  readonly expiresAt: number
}

/** Renewal at a random 50–67 % of the certificate's life, so that a fleet that was made at once does not renew at once. */
export function certificateLife(pem: string, random: () => number = Math.random): CertificateLife {
  const { validFromDate, validToDate } = new X509Certificate(pem)
  const from = validFromDate.getTime()
  const expiresAt = validToDate.getTime()
  return { renewAt: from + (expiresAt - from) * (0.5 + random() * 0.17), expiresAt }
}
