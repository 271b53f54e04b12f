import { DroverError } from '../../shared/domain/errors.ts'
import type { Transaction } from './store.ts'

/** etcd's default `--max-txn-ops`; every store keeps to it, so that what works embedded works on etcd. */
export const MAX_TRANSACTION_OPS = 128

const KEY = /^[\x21-\x7e]{1,1024}$/

/** Throws `invalid` for what etcd would refuse: too many operations, one key written twice, keys that are no keys. */
export function checkTransaction({ compare = [], success }: Transaction): void {
  if (compare.length > MAX_TRANSACTION_OPS || success.length > MAX_TRANSACTION_OPS)
    throw new DroverError('invalid', `a transaction has at most ${MAX_TRANSACTION_OPS} conditions and as many writes`)
  for (const { key } of compare) checkKey(key)
  const keys = success.flatMap(mutation => (mutation.kind === 'delete-prefix' ? [] : [mutation.key]))
  const prefixes = success.flatMap(mutation => (mutation.kind === 'delete-prefix' ? [mutation.prefix] : []))
  for (const key of [...keys, ...prefixes]) checkKey(key)
  const duplicate =
    keys.find((key, index) => keys.indexOf(key) !== index) ??
    keys.find(key => prefixes.some(prefix => key.startsWith(prefix)))
  if (duplicate !== undefined) throw new DroverError('invalid', `a transaction writes ${duplicate} twice`)
}

/** Printable ASCII without spaces: the same order and the same prefixes in every store. */
export function checkKey(key: string): void {
  if (!KEY.test(key)) throw new DroverError('invalid', `${JSON.stringify(key)} is no store key`)
}

/** The first key after every key with this prefix. */
export function prefixEnd(prefix: string): string {
  if (prefix === '') return '\x7f'
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
}
