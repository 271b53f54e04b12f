import { DroverError } from '../../../shared/domain/errors.ts'
import type { NodeId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import type { Secret } from '../../../shared/lib/secret.ts'
import { formatJoinToken, makeJoinToken, tokenVerifier } from '../../../shared/signing/join-token.ts'
import { decodeJson, encodeJson } from '../../events/json.ts'
import type { Audit } from '../../observe/audit-log.ts'
import type { Compare, Mutation, Store } from '../../store/store.ts'
import { checkedLabels } from '../labels.ts'
import { parseCidr } from './cidr.ts'

const PREFIX = 'tokens/'
const MAX_TTL_MS = 24 * 3_600_000
const DEFAULT_TTL_MS = 3_600_000
const MAX_USES = 10_000
/** Ids also come from strangers: only what can be one is looked up. */
const ID = /^[a-z0-9]{1,32}$/

/** What is known of a join token. The secret itself is not: see `verifier`. */
export interface TokenRecord {
  readonly id: string
  readonly maxUses: number
  readonly uses: number
  /** Unix milliseconds. */
  readonly createdAt: number
  readonly expiresAt: number
  /** Every host that uses it gets these. */
  readonly labels: Readonly<Record<string, string>>
  /** Only hosts that come from here; empty: from anywhere. */
  readonly cidr: string
  readonly autoApprove: boolean
  /** The node whose identity the host takes over. */
  readonly replaces?: NodeId
  readonly revoked: boolean
  readonly creator: string
}

export interface StoredToken {
  readonly record: TokenRecord
  readonly modRevision: number
}

export interface NewToken {
  readonly maxUses?: number
  readonly ttlMs?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly cidr?: string
  readonly autoApprove?: boolean
  readonly replaces?: NodeId
}

export interface TokenStoreDeps {
  readonly store: Store
  /** Key prefix whose values the store encrypts, with its trailing slash. */
  readonly encryptedPrefix: string
  readonly clock: Pick<Clock, 'now'>
  readonly audit: Audit
  /** Pin of the fleet's first key set. */
  readonly pin: string
}

/**
 * Join tokens. Kept is the HMAC key derived from the secret (`tokenVerifier`), encrypted at rest: enough to check a
 * proof, not enough to write the token down again.
 */
export class TokenStore {
  readonly #deps: TokenStoreDeps

  constructor(deps: TokenStoreDeps) {
    this.#deps = deps
  }

  /** The token's text is shown once and never kept. Throws `invalid`. */
  async create(request: NewToken, actor: string): Promise<{ readonly record: TokenRecord; readonly token: Secret }> {
    const { clock, audit, pin } = this.#deps
    const token = makeJoinToken(pin)
    const createdAt = clock.now()
    const record: TokenRecord = {
      id: token.id,
      maxUses: checkedUses(request.maxUses ?? 1),
      uses: 0,
      createdAt,
      expiresAt: createdAt + checkedTtl(request.ttlMs ?? DEFAULT_TTL_MS),
      labels: checkedLabels(request.labels ?? {}),
      cidr: checkedCidr(request.cidr ?? ''),
      autoApprove: request.autoApprove ?? true,
      ...(request.replaces === undefined ? {} : { replaces: request.replaces }),
      revoked: false,
      creator: actor,
    }
    await audit.commit({
      success: [
        putToken(record),
        { kind: 'put', key: this.#verifierKey(token.id), value: tokenVerifier(token.secret) },
      ],
      records: [{ type: 'token:created', actor, subject: token.id, detail: describe(record) }],
    })
    return { record, token: formatJoinToken(token) }
  }

  /** Newest first. */
  async list(): Promise<readonly TokenRecord[]> {
    const { entries } = await this.#deps.store.range(PREFIX)
    return entries.map(entry => decodeJson<TokenRecord>(entry)).sort((left, right) => right.createdAt - left.createdAt)
  }

  async get(id: string): Promise<StoredToken | null> {
    if (!ID.test(id)) return null
    const entry = await this.#deps.store.get(`${PREFIX}${id}`)
    return entry === null ? null : { record: decodeJson<TokenRecord>(entry), modRevision: entry.modRevision }
  }

  async verifier(id: string): Promise<Uint8Array | null> {
    if (!ID.test(id)) return null
    return (await this.#deps.store.get(this.#verifierKey(id)))?.value ?? null
  }

  /** Revoking twice is the same as once. Throws `not-found`. */
  async revoke(id: string, actor: string): Promise<TokenRecord> {
    while (true) {
      const stored = await this.get(id)
      if (stored === null) {
        throw new DroverError('not-found', `there is no token ${id}`, { hint: 'drover token list' })
      }
      if (stored.record.revoked) return stored.record
      const record = { ...stored.record, revoked: true }
      const { succeeded } = await this.#deps.audit.commit({
        compare: [unchangedToken(stored)],
        success: [putToken(record)],
        records: [{ type: 'token:revoked', actor, subject: id, detail: `${record.uses} of ${record.maxUses} uses` }],
      })
      if (succeeded) return record
    }
  }

  #verifierKey(id: string): string {
    return `${this.#deps.encryptedPrefix}tokens/${id}`
  }
}

export function putToken(record: TokenRecord): Mutation {
  return { kind: 'put', key: `${PREFIX}${record.id}`, value: encodeJson(record) }
}

/** Holds only while nobody used or revoked the token since it was read. */
export function unchangedToken(stored: StoredToken): Compare {
  return { key: `${PREFIX}${stored.record.id}`, target: 'mod-revision', operator: '=', value: stored.modRevision }
}

function checkedUses(uses: number): number {
  if (Number.isInteger(uses) && uses >= 1 && uses <= MAX_USES) return uses
  throw new DroverError('invalid', `a token is good for 1 to ${MAX_USES} hosts, not ${uses}`)
}

function checkedTtl(ttlMs: number): number {
  if (ttlMs > 0 && ttlMs <= MAX_TTL_MS) return ttlMs
  throw new DroverError('invalid', 'a token lives for at most 24 hours, and longer than nothing')
}

function checkedCidr(cidr: string): string {
  if (cidr !== '') parseCidr(cidr)
  return cidr
}

function describe(record: TokenRecord): string {
  const parts = [
    `${record.maxUses} ${record.maxUses === 1 ? 'use' : 'uses'}`,
    `until ${new Date(record.expiresAt).toISOString()}`,
    ...Object.entries(record.labels).map(([key, value]) => `${key}=${value}`),
    ...(record.cidr === '' ? [] : [`from ${record.cidr}`]),
    ...(record.autoApprove ? [] : ['needs approval']),
    ...(record.replaces === undefined ? [] : [`replaces ${record.replaces}`]),
  ]
  return parts.join(', ')
}
