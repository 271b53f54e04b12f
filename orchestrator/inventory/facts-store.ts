import type { FsyncProbe, NodeFacts } from '../../shared/domain/facts.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Mutation, Store } from '../store/store.ts'

export const FACTS_PREFIX = 'facts/'
/** Touched only when facts that a plan can depend on change; its revision is what counts as "the facts moved". */
export const PLANNING_FACTS_PREFIX = 'facts-for-planning/'
/** What the orchestrator had measured; agents report facts without it. */
export const FSYNC_PREFIX = 'fsync/'

export interface StoredFacts {
  /** The hash the agent gave; it sends the body again only when its own hash differs. */
  readonly hash: string
  readonly receivedAt: number
  readonly facts: NodeFacts
}

/** The last inventory each node reported, with the last figure of its disk. */
export class FactsStore {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async get(id: NodeId): Promise<StoredFacts | null> {
    const [stored, entry] = await Promise.all([this.#reported(id), this.#store.get(`${FSYNC_PREFIX}${id}`)])
    if (stored === null || entry === null) return stored
    return withFsync(stored, decodeJson<FsyncProbe>(entry))
  }

  async all(): Promise<ReadonlyMap<NodeId, StoredFacts>> {
    const [reported, measured] = await Promise.all([this.#store.range(FACTS_PREFIX), this.#store.range(FSYNC_PREFIX)])
    const probes = new Map(
      measured.entries.map(entry => [entry.key.slice(FSYNC_PREFIX.length), decodeJson<FsyncProbe>(entry)]),
    )
    return new Map(
      reported.entries.map(entry => {
        const id = entry.key.slice(FACTS_PREFIX.length)
        return [id, withFsync(decodeJson<StoredFacts>(entry), probes.get(id))]
      }),
    )
  }

  async put(id: NodeId, stored: StoredFacts): Promise<void> {
    const success: Mutation[] = [{ kind: 'put', key: `${FACTS_PREFIX}${id}`, value: encodeJson(stored) }]
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
    const stored = await this.#reported(id)
    if (stored !== null) await this.put(id, { ...stored, hash })
  }

  async #reported(id: NodeId): Promise<StoredFacts | null> {
    const entry = await this.#store.get(`${FACTS_PREFIX}${id}`)
    return entry === null ? null : decodeJson<StoredFacts>(entry)
  }
}

export function putFsync(id: NodeId, probe: FsyncProbe): Mutation {
  return { kind: 'put', key: `${FSYNC_PREFIX}${id}`, value: encodeJson(probe) }
}

function withFsync(stored: StoredFacts, fsync: FsyncProbe | undefined): StoredFacts {
  return fsync === undefined ? stored : { ...stored, facts: { ...stored.facts, fsync } }
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
