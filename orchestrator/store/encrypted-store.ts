import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Secret } from '../../shared/lib/secret.ts'
import type { Entry, Mutation, RangeResult, Store, WatchEvent } from './store.ts'

const FORMAT = 1
const IV_BYTES = 12
const TAG_BYTES = 16
export const DATA_KEY_BYTES = 32

/**
 * A store whose values under the given prefixes are encrypted at rest: AES-256-GCM with a random nonce; the key is the
 * additional data, so that a value copied to another key does not open. Keys and revisions stay readable.
 */
export function createEncryptedStore(options: {
  readonly store: Store
  readonly prefixes: readonly string[]
  readonly dataKey: Secret<Uint8Array>
}): Store {
  const { store, prefixes } = options
  const dataKey = options.dataKey.reveal()
  if (dataKey.byteLength !== DATA_KEY_BYTES)
    throw new DroverError('invalid', `a data key has ${DATA_KEY_BYTES} bytes, not ${dataKey.byteLength}`)
  const isSealed = (key: string) => prefixes.some(prefix => key.startsWith(prefix))

  const seal = (mutation: Mutation): Mutation =>
    mutation.kind === 'put' && isSealed(mutation.key)
      ? { ...mutation, value: encrypt({ dataKey, key: mutation.key, value: mutation.value }) }
      : mutation
  const open = (entry: Entry): Entry =>
    isSealed(entry.key) ? { ...entry, value: decrypt({ dataKey, key: entry.key, value: entry.value }) } : entry
  const openEvent = (event: WatchEvent): WatchEvent =>
    event.kind === 'put' ? { kind: 'put', entry: open(event.entry) } : event

  return {
    get: async key => {
      const entry = await store.get(key)
      return entry === null ? null : open(entry)
    },
    range: async (prefix, range): Promise<RangeResult> => {
      const { revision, entries } = await store.range(prefix, range)
      return { revision, entries: range?.keysOnly === true ? entries : entries.map(open) }
    },
    txn: transaction => store.txn({ ...transaction, success: transaction.success.map(seal) }),
    watch: async function* (watch) {
      for await (const events of store.watch(watch)) yield events.map(openEvent)
    },
    grantLease: ttlMs => store.grantLease(ttlMs),
    revision: () => store.revision(),
    compact: revision => store.compact(revision),
    close: () => store.close(),
  }
}

interface Parts {
  readonly dataKey: Uint8Array
  readonly key: string
  readonly value: Uint8Array
}

function encrypt({ dataKey, key, value }: Parts): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', dataKey, iv)
  cipher.setAAD(Buffer.from(key))
  const sealed = Buffer.concat([cipher.update(value), cipher.final()])
  return Buffer.concat([Buffer.from([FORMAT]), iv, sealed, cipher.getAuthTag()])
}

function decrypt({ dataKey, key, value }: Parts): Buffer {
  const iv = value.subarray(1, 1 + IV_BYTES)
  const sealed = value.subarray(1 + IV_BYTES, -TAG_BYTES)
  try {
    if (value[0] !== FORMAT) throw new Error(`unknown format ${value[0]}`)
    const decipher = createDecipheriv('aes-256-gcm', dataKey, iv, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(key))
    decipher.setAuthTag(value.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch (error) {
    throw new DroverError('failed', `the stored value of ${key} cannot be decrypted`, {
      cause: error,
      hint: 'the data key is not the one it was written with, or the store has been tampered with',
    })
  }
}
