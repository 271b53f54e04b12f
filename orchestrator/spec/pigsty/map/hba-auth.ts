import type { HbaDraft } from './hba-draft.ts'

export interface Auth {
  readonly auth: NonNullable<HbaDraft['auth']>
  /** Absent: only over TLS. */
  readonly tls?: false
}

/**
 * Pigsty's words for methods. Without `ssl` they hold with and without TLS. Drover keeps passwords as SCRAM-SHA-256 only, so `pwd` is that
 * whatever `pg_pwd_enc` says.
 */
export const AUTH_WORDS: Readonly<Partial<Record<string, Auth>>> = {
  deny: { auth: 'reject', tls: false },
  reject: { auth: 'reject', tls: false },
  trust: { auth: 'trust', tls: false },
  pwd: { auth: 'scram-sha-256', tls: false },
  sha: { auth: 'scram-sha-256', tls: false },
  'scram-sha-256': { auth: 'scram-sha-256', tls: false },
  ssl: { auth: 'scram-sha-256' },
  'ssl-sha': { auth: 'scram-sha-256' },
  md5: { auth: 'md5', tls: false },
  'ssl-md5': { auth: 'md5' },
  cert: { auth: 'cert' },
  os: { auth: 'ident', tls: false },
  ident: { auth: 'ident', tls: false },
  peer: { auth: 'peer', tls: false },
}
