import { DroverError } from '../../shared/domain/errors.ts'
import type { Compare, Entry, Mutation, Store } from './store.ts'

export interface Document<T> {
  readonly id: string
  readonly value: T
  readonly createRevision: number
  readonly modRevision: number
}

/** Typed JSON documents under `<prefix>/<id>`. Ids may contain slashes, so that documents can nest: `op-1/steps/3`. */
export interface Collection<T> {
  readonly prefix: string
  get(id: string): Promise<Document<T> | null>
  /** In id order. `within` narrows to ids that start with it. */
  list(options?: ListOptions): Promise<readonly Document<T>[]>
  /**
   * `ifRevision`: 0 creates, a mod revision replaces exactly that state, absent overwrites whatever there is.
   * Resolves to the new mod revision. Throws `conflict` when it exists, `stale` when it has changed.
   */
  put(id: string, value: T, options?: WriteOptions): Promise<number>
  delete(id: string, options?: WriteOptions): Promise<void>
  /** Parts for a transaction over several collections. */
  key(id: string): string
  putOp(id: string, value: T): Mutation
  deleteOp(id: string): Mutation
  unchanged(id: string, modRevision: number): Compare
  /** Decode an entry of this collection, such as one from a watch. */
  decode(entry: Entry): Document<T>
}

export interface ListOptions {
  readonly within?: string
  readonly limit?: number
  readonly after?: string
  readonly reverse?: boolean
}

export interface WriteOptions {
  readonly ifRevision?: number
  /** Further conditions, such as a leader's fence. Their failure is also `stale`. */
  readonly compare?: readonly Compare[]
}

export function createCollection<T>(store: Store, prefix: string): Collection<T> {
  const root = `${prefix}/`
  const key = (id: string) => `${root}${id}`
  const decode = (entry: Entry) => decodeDocument<T>(root, entry)
  const unchanged = (id: string, modRevision: number): Compare => ({
    key: key(id),
    target: 'mod-revision',
    operator: '=',
    value: modRevision,
  })
  const putOp = (id: string, value: T): Mutation => ({ kind: 'put', key: key(id), value: encode(value) })
  const deleteOp = (id: string): Mutation => ({ kind: 'delete', key: key(id) })

  const write = async (id: string, mutation: Mutation, options: WriteOptions) => {
    const { ifRevision, compare = [] } = options
    const own = ifRevision === undefined ? [] : [unchanged(id, ifRevision)]
    const result = await store.txn({ compare: [...own, ...compare], success: [mutation] })
    if (!result.succeeded) throw refusal(key(id), ifRevision)
    return result.revision
  }

  return {
    prefix,
    key,
    decode,
    unchanged,
    putOp,
    deleteOp,
    get: async id => {
      const entry = await store.get(key(id))
      return entry === null ? null : decode(entry)
    },
    list: async (options = {}) => {
      const { within = '', limit, after, reverse } = options
      const { entries } = await store.range(key(within), {
        ...(limit === undefined ? {} : { limit }),
        ...(after === undefined ? {} : { after: key(after) }),
        ...(reverse === undefined ? {} : { reverse }),
      })
      return entries.map(decode)
    },
    put: (id, value, options = {}) => write(id, putOp(id, value), options),
    delete: async (id, options = {}) => {
      await write(id, deleteOp(id), options)
    },
  }
}

function encode(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

function decodeDocument<T>(root: string, entry: Entry): Document<T> {
  const text = Buffer.from(entry.value).toString('utf8')
  try {
    const { createRevision, modRevision } = entry
    return { id: entry.key.slice(root.length), value: JSON.parse(text) as T, createRevision, modRevision }
  } catch (error) {
    throw new DroverError('internal', `the stored document ${entry.key} is no JSON`, { cause: error })
  }
}

function refusal(key: string, ifRevision: number | undefined): DroverError {
  if (ifRevision === 0) return new DroverError('conflict', `${key} exists already`)
  return new DroverError('stale', `${key} has changed since it was read`, { hint: 'read it again and repeat' })
}
