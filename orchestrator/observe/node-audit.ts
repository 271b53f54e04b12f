import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import { type AuditBreak, type AuditHead, type AuditLink, findAuditBreak } from '../../shared/signing/audit-chain.ts'
import type { Store } from '../store/store.ts'
import type { ChainVerdict, ListedRecord } from './audit-record.ts'
import { StoredChain } from './stored-chain.ts'

/** Whose chain: a re-imaged host starts a new one with its new generation. */
export interface ChainOwner {
  readonly nodeId: NodeId
  readonly generation: number
}

/** Copies of the agents' own audit chains, each link verified before it is kept. */
export class NodeAudit {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async head(owner: ChainOwner): Promise<AuditHead> {
    return this.#chain(owner).head()
  }

  /**
   * Keeps the links after what is here, and gives the new head. Links that are here already are skipped. An agent that
   * was long without an orchestrator drops its oldest records: what follows the gap is kept all the same, and the gap
   * shows for ever after when the chain is verified. Throws `conflict` when the links do not follow from each other.
   */
  async append(
    owner: ChainOwner,
    records: readonly Uint8Array[],
  ): Promise<{ readonly head: AuditHead; readonly gap: AuditBreak | null }> {
    const chain = this.#chain(owner)
    const head = await chain.head()
    const links = records.map(parseLink).filter(link => link.index > head.index)
    const [first] = links
    if (first === undefined) return { head, gap: null }
    const broken = findAuditBreak(links, { index: first.index - 1, hash: first.previousHash })
    if (broken !== null) {
      throw new DroverError('conflict', `the node's audit chain is ${broken.why} at record ${broken.index}`)
    }
    await this.#store.txn({ success: links.map(link => chain.put(link)) })
    return { head: links.at(-1) ?? head, gap: findAuditBreak(links, head) }
  }

  /** Newest first. Records are what agents write: JSON with `at`, `type`, and whatever belongs to it. */
  async list(owner: ChainOwner, name: string, limit: number): Promise<readonly ListedRecord[]> {
    const links = await this.#chain(owner).newest(limit)
    return links.map(({ index, hash, record }) => ({ chain: name, index, hash, ...listed(record) }))
  }

  async verify(owner: ChainOwner, name: string): Promise<ChainVerdict> {
    return { chain: name, ...(await this.#chain(owner).verify()) }
  }

  #chain(owner: ChainOwner): StoredChain {
    return new StoredChain(this.#store, `audit/nodes/${owner.nodeId}/${owner.generation}/`)
  }
}

function parseLink(bytes: Uint8Array): AuditLink {
  let link: unknown
  try {
    link = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (error) {
    throw new DroverError('invalid', 'an audit record is no JSON', { cause: error })
  }
  if (!isLink(link)) throw new DroverError('invalid', 'an audit record lacks index, hashes or text')
  return link
}

function isLink(value: unknown): value is AuditLink {
  if (typeof value !== 'object' || value === null) return false
  const { index, previousHash, hash, record } = value as Partial<Record<keyof AuditLink, unknown>>
  return (
    Number.isSafeInteger(index) &&
    typeof previousHash === 'string' &&
    typeof hash === 'string' &&
    typeof record === 'string'
  )
}

/** Agents write `{ at, type, subject, ... }` with ids, kinds and reasons: never arguments. */
function listed(record: string): Omit<ListedRecord, 'chain' | 'index' | 'hash'> {
  const { at, type, subject, ...rest } = parsedObject(record)
  const detail = Object.entries(rest).filter(([, value]) => value !== undefined)
  return {
    at: typeof at === 'number' ? at : 0,
    type: textOf(type),
    actor: 'agent',
    subject: textOf(subject),
    detail: detail
      .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(' '),
  }
}

function parsedObject(record: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(record)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { detail: record }
  } catch {
    return { detail: record }
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
