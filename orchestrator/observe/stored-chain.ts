import {
  AUDIT_GENESIS,
  type AuditBreak,
  type AuditHead,
  type AuditLink,
  findAuditBreak,
} from '../../shared/signing/audit-chain.ts'
import { decodeJson, encodeJson, orderedNumber } from '../events/json.ts'
import type { Mutation, Store } from '../store/store.ts'

const PAGE = 1000

/** A hash chain kept below a key prefix, one entry a link. Append-only: nothing here deletes. */
export class StoredChain {
  readonly #store: Store
  readonly #prefix: string

  /** `prefix` ends with a slash. */
  constructor(store: Store, prefix: string) {
    this.#store = store
    this.#prefix = prefix
  }

  async head(): Promise<AuditHead> {
    const [last] = await this.newest(1)
    return last ?? AUDIT_GENESIS
  }

  async newest(limit: number): Promise<readonly AuditLink[]> {
    const { entries } = await this.#store.range(this.#prefix, { limit, reverse: true })
    return entries.map(entry => decodeJson<AuditLink>(entry))
  }

  put(link: AuditLink): Mutation {
    return { kind: 'put', key: `${this.#prefix}${orderedNumber(link.index)}`, value: encodeJson(link) }
  }

  /** Recomputes every hash from the first link on. */
  async verify(): Promise<{ readonly records: number; readonly firstBreak: AuditBreak | null; readonly head: string }> {
    let head: AuditHead = AUDIT_GENESIS
    let records = 0
    let firstBreak: AuditBreak | null = null
    let after: string | undefined
    while (true) {
      const { entries } = await this.#store.range(this.#prefix, {
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      })
      const links = entries.map(entry => decodeJson<AuditLink>(entry))
      firstBreak ??= findAuditBreak(links, head)
      records += links.length
      head = links.at(-1) ?? head
      after = entries.at(-1)?.key
      if (entries.length < PAGE) return { records, firstBreak, head: head.hash }
    }
  }
}
