import { didYouMean } from '../../../shared/domain/closest-word.ts'
import type { Path } from '../source.ts'
import type { Ledger } from './ledger.ts'
import { flagOf, integerOf, type Setting, type Table, textOf } from './values.ts'

/**
 * Reads the keys of one item of a list (a user, a database, a rule), and notes for each what became of it. Whatever was not asked
 * for when `finish` is called is a key that Pigsty does not know either.
 */
export class Fields {
  readonly path: Path
  readonly #table: Table
  readonly #ledger: Ledger
  readonly #to: string
  readonly #into: object
  readonly #asked = new Set<string>()

  constructor({
    setting,
    ledger,
    to,
    into,
  }: {
    readonly setting: Setting & { readonly value: Table }
    readonly ledger: Ledger
    readonly to: string
    readonly into: object
  }) {
    this.path = setting.path
    this.#table = setting.value
    this.#ledger = ledger
    this.#to = to
    this.#into = into
  }

  /** The value as it is; the caller notes what becomes of it. */
  raw(key: string): Setting | undefined {
    this.#asked.add(key)
    const value = Object.hasOwn(this.#table, key) ? this.#table[key] : undefined
    return value === undefined ? undefined : { path: [...this.path, key], value }
  }

  kept(key: string, native: string, note?: string): void {
    if (this.raw(key) === undefined) return
    const place = { path: [...this.path, key], to: `${this.#to}.${native}`, into: this.#into }
    this.#ledger.kept({ ...place, ...(note === undefined ? {} : { note }) })
  }

  lost(key: string, reason: string, instead: string): void {
    if (this.raw(key) !== undefined) this.#ledger.lost([...this.path, key], reason, instead)
  }

  text(key: string, native: string): string | undefined {
    return this.#read({ key, native, read: textOf, what: 'a text' })
  }

  flag(key: string, native: string): boolean | undefined {
    return this.#read({ key, native, read: flagOf, what: 'true or false' })
  }

  /** A number of connections or the like; -1 is no limit, which is what leaving it out means. */
  count(key: string, native: string): number | undefined {
    const number = this.#read({ key, native, read: integerOf, what: 'a whole number' })
    return number !== undefined && number < 0 ? undefined : number
  }

  choice<T extends string>(key: string, native: string, choices: Readonly<Record<string, T>>): T | undefined {
    const read = (value: unknown): T | undefined => {
      const word = (textOf(value) ?? '').toLowerCase()
      return Object.hasOwn(choices, word) ? choices[word] : undefined
    }
    return this.#read({ key, native, read, what: `one of ${Object.keys(choices).join(', ')}` })
  }

  finish(): void {
    for (const key of Object.keys(this.#table)) {
      if (this.#asked.has(key)) continue
      const hint = didYouMean(key, [...this.#asked])
      this.#ledger.lost(
        [...this.path, key],
        `Pigsty has no key \`${key}\` here${hint === undefined ? '' : ` (${hint})`}`,
        'it is left out',
      )
    }
  }

  #read<T>({
    key,
    native,
    read,
    what,
  }: {
    readonly key: string
    readonly native: string
    readonly read: (value: unknown) => T | undefined
    readonly what: string
  }): T | undefined {
    const found = this.raw(key)
    if (found === undefined) return undefined
    if (found.value === null || found.value === '') {
      this.kept(key, native, 'empty: as if it were not there')
      return undefined
    }
    const value = read(found.value)
    if (value === undefined) this.lost(key, `the value is not ${what}`, 'it is left out')
    else this.kept(key, native)
    return value
  }
}
