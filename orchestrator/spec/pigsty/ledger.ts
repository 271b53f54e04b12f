import type { Path } from '../source.ts'
import { type Loss, mapped, type Treatment } from './treatment.ts'

interface Entry {
  readonly path: Path
  treatment: Treatment
  /** The part of the fleet file that this parameter went into. */
  readonly into?: object
}

/**
 * Keeps, for every place of the inventory that an importer looked at, what became of it and where it went. The fleet file is
 * pruned and its problems are located by the same entries read backwards.
 */
export class Ledger {
  readonly #byPlace = new Map<string, Entry[]>()
  readonly #byPart = new Map<object, Entry[]>()

  note(path: Path, treatment: Treatment): void {
    this.#add({ path, treatment })
  }

  /** `to` ends with the key of `into` that holds the value. */
  kept({
    path,
    to,
    into,
    note,
  }: {
    readonly path: Path
    readonly to: string
    readonly into?: object
    readonly note?: string
  }): void {
    this.#add({ path, treatment: mapped(to, note), ...(into === undefined ? {} : { into }) })
  }

  lost(path: Path, loss: Loss): void {
    this.note(path, { kind: 'unsupported', ...loss })
  }

  at(path: Path): readonly Treatment[] {
    return (this.#byPlace.get(JSON.stringify(path)) ?? []).map(({ treatment }) => treatment)
  }

  /** Places of the inventory that went into a part of the fleet file, or into one key of it. */
  sourcesOf(part: object, key?: string): readonly Path[] {
    const inside = this.#of(part, undefined).filter(({ treatment }) => {
      return treatment.kind === 'mapped' && key !== undefined && treatment.to.includes(`.${key}.`)
    })
    return [...this.#of(part, key), ...inside].map(({ path }) => path)
  }

  /** The part did not get into the fleet file after all. */
  withdraw({ part, key }: { readonly part: object; readonly key?: string }, loss: Loss): number {
    const entries = this.#of(part, key)
    for (const entry of entries) entry.treatment = { kind: 'unsupported', ...loss }
    return entries.length
  }

  #add(entry: Entry): void {
    const place = JSON.stringify(entry.path)
    this.#byPlace.set(place, [...(this.#byPlace.get(place) ?? []), entry])
    if (entry.into !== undefined) this.#byPart.set(entry.into, [...(this.#byPart.get(entry.into) ?? []), entry])
  }

  #of(part: object, key: string | undefined): readonly Entry[] {
    return (this.#byPart.get(part) ?? []).filter(
      ({ treatment }) =>
        treatment.kind === 'mapped' &&
        (key === undefined || treatment.to.endsWith(`.${key}`) || treatment.to.endsWith(`[${key}]`)),
    )
  }
}
