import type { CertificateItem, Reaction } from '../../../shared/domain/manifest.ts'
import { tlsPaths } from './paths.ts'

export interface CertificateInput {
  readonly subject: string
  readonly owner: string
  /** Names and addresses beyond the subject and loopback. */
  readonly names: readonly string[]
  readonly reactions: readonly Reaction[]
}

/** Server and client at once: Patroni asks its peers, etcd's gateway asks itself, and both prove who they are. */
export function certificate(input: CertificateInput): CertificateItem {
  const tls = tlsPaths(input.subject)
  return {
    name: input.subject,
    certPath: tls.cert,
    keyPath: tls.key,
    caPath: tls.ca,
    owner: input.owner,
    group: input.owner,
    commonName: input.subject,
    sans: [...new Set([input.subject, ...input.names, 'localhost', '127.0.0.1'])],
    usages: ['server', 'client'],
    reactions: input.reactions,
  }
}
