/**
 * Keys and values with etcd's semantics, so that one SQLite file or an etcd cluster can hold a fleet's state. One
 * conformance suite runs against every implementation.
 *
 * Invariants: every transaction that writes gets the next revision; a put keeps the key's create revision, raises its
 * version and sets its mod revision; a transaction is all or nothing and is durable (flushed) before its promise
 * resolves; a watch delivers each change exactly once, in revision order, from the revision asked for.
 */
export interface Store {
  get(key: string): Promise<Entry | null>
  /** Entries whose key starts with the prefix, in key order. */
  range(
    prefix: string,
    options?: {
      readonly limit?: number
      readonly after?: string
      readonly reverse?: boolean
      /** Values are left empty. */
      readonly keysOnly?: boolean
    },
  ): Promise<RangeResult>
  txn(transaction: Transaction): Promise<TransactionResult>
  /** Batches of changes with a revision above `after`. Throws `stale` when that history has been compacted away. */
  watch(options: {
    readonly prefix: string
    readonly after: number
    readonly signal: AbortSignal
  }): AsyncIterable<readonly WatchEvent[]>
  grantLease(ttlMs: number): Promise<Lease>
  revision(): Promise<number>
  /** Forget history up to and including this revision; current entries stay. */
  compact(revision: number): Promise<void>
  close(): Promise<void>
}

export interface Entry {
  readonly key: string
  readonly value: Uint8Array
  readonly createRevision: number
  readonly modRevision: number
  readonly version: number
  /** Of an entry that is handed out more than once: what it was decoded to. */
  readonly memory?: { json?: unknown }
}

export interface RangeResult {
  readonly revision: number
  readonly entries: readonly Entry[]
}

export interface Transaction {
  /** All must hold. A key that does not exist has create, mod revision and version 0. */
  readonly compare?: readonly Compare[]
  readonly success: readonly Mutation[]
}

export interface Compare {
  readonly key: string
  readonly target: 'create-revision' | 'mod-revision' | 'version'
  readonly operator: '=' | '<' | '>'
  readonly value: number
}

export type Mutation =
  | { readonly kind: 'put'; readonly key: string; readonly value: Uint8Array; readonly lease?: string }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'delete-prefix'; readonly prefix: string }

export interface TransactionResult {
  readonly succeeded: boolean
  /** Revision after the transaction (unchanged when it did not succeed). */
  readonly revision: number
}

export type WatchEvent =
  | { readonly kind: 'put'; readonly entry: Entry }
  | { readonly kind: 'delete'; readonly key: string; readonly modRevision: number }

export interface Lease {
  readonly id: string
  keepAlive(): Promise<void>
  /** Deletes every key put under it. */
  revoke(): Promise<void>
}
