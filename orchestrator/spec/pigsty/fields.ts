import { didYouMean } from '../../../shared/domain/closest-word.ts'
import type { Path } from '../source.ts'
import type { Ledger } from './ledger.ts'
import type { Loss } from './treatment.ts'
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

  /** `to`: the key of the fleet file. */
  kept(key: string, { to, note }: { readonly to: string; readonly note?: string | undefined }): void {
    if (this.raw(key) === undefined) return
    const place = { path: [...this.path, key], to: `${this.#to}.${to}`, into: this.#into }
    this.#ledger.kept({ ...place, ...(note === undefined ? {} : { note }) })
  }

  lost(key: string, loss: Loss): void {
    if (this.raw(key) !== undefined) this.#ledger.lost([...this.path, key], loss)
  }

  text(key: string, to: string): string | undefined {
    return this.#read({ key, to, read: textOf, what: 'a text' })
  }

  flag(key: string, to: string): boolean | undefined {
    return this.#read({ key, to, read: flagOf, what: 'true or false' })
  }

  /** A number of connections or the like; -1 is no limit, which is what leaving it out means. */
  count(key: string, to: string): number | undefined {
    const number = this.#read({ key, to, read: integerOf, what: 'a whole number' })
    return number !== undefined && number < 0 ? undefined : number
  }

  choice<T extends string>(
    key: string,
    { to, choices }: { readonly to: string; readonly choices: Readonly<Record<string, T>> },
  ): T | undefined {
    const read = (value: unknown): T | undefined => {
      const word = (textOf(value) ?? '').toLowerCase()
      return Object.hasOwn(choices, word) ? choices[word] : undefined
    }
    return this.#read({ key, to, read, what: `one of ${Object.keys(choices).join(', ')}` })
  }

  finish(): void {
    for (const key of Object.keys(this.#table)) {
      if (this.#asked.has(key)) continue
      const hint = didYouMean(key, [...this.#asked])
      this.#ledger.lost([...this.path, key], {
        reason: `Pigsty has no key \`${key}\` here${hint === undefined ? '' : ` (${hint})`}`,
        instead: 'it is left out',
      })
    }
  }

  #read<T>({
    key,
    to,
    read,
    what,
  }: {
    readonly key: string
    readonly to: string
    readonly read: (value: unknown) => T | undefined
    readonly what: string
  }): T | undefined {
    const found = this.raw(key)
    if (found === undefined) return undefined
    if (found.value === null || found.value === '') {
      this.kept(key, { to, note: 'empty: as if it were not there' })
      return undefined
    }
    const value = read(found.value)
    if (value === undefined) this.lost(key, { reason: `the value is not ${what}`, instead: 'it is left out' })
    else this.kept(key, { to })
    return value
  }
}
