import type { NodeFacts } from '../../shared/domain/facts.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Mutation, Store } from '../store/store.ts'

const PREFIX = 'facts/'
/** Touched only when facts that a plan can depend on change; its revision is what counts as "the facts moved". */
export const PLANNING_FACTS_PREFIX = 'facts-for-planning/'

export interface StoredFacts {
  /** The hash the agent gave; it sends the body again only when its own hash differs. */
  readonly hash: string
  readonly receivedAt: number
  readonly facts: NodeFacts
}

/** The last inventory each node reported. */
export class FactsStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async get(id: NodeId): Promise<StoredFacts | null> {
    const entry = await this.#store.get(`${PREFIX}${id}`)
    return entry === null ? null : decodeJson<StoredFacts>(entry)
  }

  async all(): Promise<ReadonlyMap<NodeId, StoredFacts>> {
    const { entries } = await this.#store.range(PREFIX)
    return new Map(entries.map(entry => [entry.key.slice(PREFIX.length), decodeJson<StoredFacts>(entry)]))
  }

  async put(id: NodeId, stored: StoredFacts): Promise<void> {
    const success: Mutation[] = [{ kind: 'put', key: `${PREFIX}${id}`, value: encodeJson(stored) }]
    const key = `${PLANNING_FACTS_PREFIX}${id}`
    const relevant = contentHash(planningFacts(stored.facts))
    const before = await this.#store.get(key)
    if (before === null || decodeJson<{ hash: string }>(before).hash !== relevant) {
      success.push({ kind: 'put', key, value: encodeJson({ hash: relevant }) })
    }
    await this.#store.txn({ success })
  }

  /** The agent has said which hash the stored body has. */
  async rename(id: NodeId, hash: string): Promise<void> {
    const stored = await this.get(id)
    if (stored !== null) await this.put(id, { ...stored, hash })
  }
}

/** Facts without what moves by itself from minute to minute, or every plan would be stale before it is read. */
function planningFacts(facts: NodeFacts): unknown {
  const { clock: _clock, memory, filesystems, ...steady } = facts
  const { hugepages, ...steadyMemory } = memory
  return {
    ...steady,
    memory: { ...steadyMemory, hugepages: 'unknown' in hugepages ? hugepages : { ...hugepages.value, free: 0 } },
    filesystems: filesystems.map(({ availableBytes: _available, ...steadyFilesystem }) => steadyFilesystem),
  }
}
