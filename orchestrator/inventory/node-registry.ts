import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Compare, Entry, Mutation, Store } from '../store/store.ts'
import type { NodeRecord } from './node-record.ts'

export const NODE_PREFIX = 'nodes/'
const NAME_PREFIX = 'node-names/'

export interface StoredNode {
  readonly record: NodeRecord
  readonly modRevision: number
}

/** Reads node records and makes the pieces of transactions that change them; it decides nothing. */
export class NodeRegistry {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async list(): Promise<readonly NodeRecord[]> {
    return (await this.listStored()).map(stored => stored.record)
  }

  async listStored(): Promise<readonly StoredNode[]> {
    return (await this.#store.range(NODE_PREFIX)).entries.map(toStored)
  }

  async get(id: NodeId): Promise<StoredNode | null> {
    const entry = await this.#store.get(nodeKey(id))
    return entry === null ? null : toStored(entry)
  }

  /** By id or by name; a pending node shares its name with another, so ids settle that. Throws `not-found`. */
  async find(nameOrId: string): Promise<StoredNode> {
    const nodes = await this.listStored()
    const exact = nodes.find(({ record }) => record.id === nameOrId)
    const named = nodes.filter(({ record }) => record.name === nameOrId)
    const found = exact ?? named.find(({ record }) => record.state !== 'pending') ?? named[0]
    if (found === undefined) {
      throw new DroverError('not-found', `no node is called ${JSON.stringify(nameOrId)}`, { hint: 'drover node list' })
    }
    return found
  }

  /** The node that holds this name, if any. */
  async holderOf(name: string): Promise<NodeId | null> {
    const entry = await this.#store.get(nameKey(name))
    return entry === null ? null : decodeJson<{ id: NodeId }>(entry).id
  }

  /**
   * Applies a change to the record as it is now, again when another change came between. `null` leaves it as it is.
   * Throws `not-found`.
   */
  async update(id: NodeId, change: (record: NodeRecord) => NodeRecord | null): Promise<NodeRecord> {
    while (true) {
      const stored = await this.get(id)
      if (stored === null) throw new DroverError('not-found', `there is no node ${id}`)
      const next = change(stored.record)
      if (next === null) return stored.record
      const { succeeded } = await this.#store.txn({ compare: [unchanged(stored)], success: [putNode(next)] })
      if (succeeded) return next
    }
  }
}

export function putNode(record: NodeRecord): Mutation {
  return { kind: 'put', key: nodeKey(record.id), value: encodeJson(record) }
}

export function deleteNode(id: NodeId): Mutation {
  return { kind: 'delete', key: nodeKey(id) }
}

/** Holds only while nobody changed the record since it was read. */
export function unchanged(stored: StoredNode): Compare {
  return { key: nodeKey(stored.record.id), target: 'mod-revision', operator: '=', value: stored.modRevision }
}

/** Takes a name that is free; the compare makes two hosts with one hostname exclude each other. */
export function claimName(record: NodeRecord): { readonly compare: Compare; readonly mutation: Mutation } {
  const key = nameKey(record.name)
  return {
    compare: { key, target: 'version', operator: '=', value: 0 },
    mutation: { kind: 'put', key, value: encodeJson({ id: record.id }) },
  }
}

/** Another host may have it from now on. */
export function releaseName(name: string): Mutation {
  return { kind: 'delete', key: nameKey(name) }
}

function toStored(entry: Entry): StoredNode {
  return { record: decodeJson<NodeRecord>(entry), modRevision: entry.modRevision }
}

function nodeKey(id: NodeId): string {
  return `${NODE_PREFIX}${id}`
}

function nameKey(name: string): string {
  return `${NAME_PREFIX}${name}`
}
