import type { Store, Transaction, WatchEvent } from '../../../orchestrator/store/store.ts'
import type { ErrorCode } from '../../../shared/domain/errors.ts'

/** What a process asks the store that it shares. */
export type Asked = { readonly id: number } & (
  | { readonly method: 'get'; readonly key: string }
  | { readonly method: 'range'; readonly prefix: string; readonly options?: Parameters<Store['range']>[1] }
  | { readonly method: 'txn'; readonly transaction: Transaction }
  | { readonly method: 'revision' }
  | { readonly method: 'watch'; readonly prefix: string; readonly after: number }
)

export type Answer = { readonly id: number } & (
  | { readonly result: unknown }
  | { readonly events: readonly WatchEvent[] }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string; readonly retryable: boolean } }
)

/** JSON in which bytes survive. */
export function pack(message: object): string {
  return JSON.stringify(message, (_, value: unknown) => (isBytes(value) ? { bytes: bytesOf(value) } : value))
}

export function unpack<T>(line: string): T {
  return JSON.parse(line, (_, value: unknown) => (isPacked(value) ? Buffer.from(value.bytes, 'base64') : value)) as T
}

function isPacked(value: unknown): value is { readonly bytes: string } {
  return typeof value === 'object' && value !== null && 'bytes' in value && typeof value.bytes === 'string'
}

/** A Buffer has become `{ type, data }` by the time that the replacer sees it. */
type Bytes = Uint8Array | { readonly type: 'Buffer'; readonly data: number[] }

function isBytes(value: unknown): value is Bytes {
  if (value instanceof Uint8Array) return true
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer' && 'data' in value
}

function bytesOf(value: Bytes): string {
  return Buffer.from(value instanceof Uint8Array ? [...value] : value.data).toString('base64')
}
