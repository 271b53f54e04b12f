import type { Entry, Store } from './store.ts'

/** Above so many changes at once everything is read again in one go. */
const ONE_BY_ONE = 32

/**
 * A store that reads, decrypts and decodes what lies under the given prefixes once for each change of it: for what is looked at as a
 * whole again and again, and changes one by one. What lies there is kept in memory. Answers are those of the inner store at the
 * time of asking, whoever writes there.
 */
export function createRememberingStore(inner: Store, prefixes: readonly string[]): Store {
  const known = new Map<string, Entry>()
  const isRemembered = (key: string): boolean => prefixes.some(prefix => key.startsWith(prefix))

  return {
    async get(key) {
      if (!isRemembered(key)) return inner.get(key)
      const { entries } = await inner.range(key, { keysOnly: true, limit: 1 })
      const now = entries[0]
      if (now?.key !== key) return forget(key)
      const before = known.get(key)
      if (isSame(before, now)) return before
      const entry = await inner.get(key)
      return entry === null ? forget(key) : remember(entry)
    },
    async range(prefix, options) {
      if (!isRemembered(prefix) || options?.keysOnly === true) return inner.range(prefix, options)
      const { revision, entries } = await inner.range(prefix, { ...options, keysOnly: true })
      if (options === undefined) forgetOthers(prefix, new Set(entries.map(({ key }) => key)))
      const changed = entries.filter(now => !isSame(known.get(now.key), now))
      if (changed.length > ONE_BY_ONE) return anew()
      for (const { key } of changed) {
        const entry = await inner.get(key)
        if (entry !== null) remember(entry)
      }
      const current = entries.map(now => ({ now, entry: known.get(now.key) }))
      const found = current.flatMap(({ now, entry }) => (isSame(entry, now) ? [entry] : []))
      // What has changed between the two looks is not mixed with what was.
      return found.length === entries.length ? { revision, entries: found } : anew()

      async function anew() {
        const read = await inner.range(prefix, options)
        return { revision: read.revision, entries: read.entries.map(remember) }
      }
    },
    txn: transaction => inner.txn(transaction),
    watch: options => inner.watch(options),
    grantLease: ttlMs => inner.grantLease(ttlMs),
    revision: () => inner.revision(),
    compact: revision => inner.compact(revision),
    close: () => inner.close(),
  }

  /** Another look may have been faster: then everybody goes on with the same one. */
  function remember(entry: Entry): Entry {
    const before = known.get(entry.key)
    if (isSame(before, entry)) return before
    const shared = { ...entry, memory: {} }
    known.set(entry.key, shared)
    return shared
  }

  function forget(key: string): null {
    known.delete(key)
    return null
  }

  function forgetOthers(prefix: string, there: ReadonlySet<string>): void {
    for (const key of known.keys()) if (key.startsWith(prefix) && !there.has(key)) known.delete(key)
  }
}

function isSame(known: Entry | undefined, now: Entry): known is Entry {
  return known !== undefined && known.modRevision === now.modRevision && known.createRevision === now.createRevision
}
