/** Why a value is not carried over, and what happens instead. */
export interface Loss {
  readonly reason: string
  readonly instead: string
  /** What of a list of words is lost; absent: all of the value. */
  readonly names?: readonly string[]
}

/** What becomes of one parameter of a Pigsty inventory. */
export type Treatment =
  | { readonly kind: 'mapped'; readonly to: string; readonly note?: string }
  | ({ readonly kind: 'unsupported' } & Loss)
  | { readonly kind: 'not-applicable'; readonly reason: string }

/** How a parameter is treated wherever it stands; `fixed` is mapped with these values and unsupported with others. */
export type Rule =
  | Treatment
  | {
      readonly kind: 'fixed'
      readonly values: readonly unknown[]
      readonly to: string
      readonly reason: string
      readonly instead: string
    }

export type Rules = Readonly<Record<string, Rule>>

export function mapped(to: string, note?: string): Treatment {
  return { kind: 'mapped', to, ...(note === undefined ? {} : { note }) }
}

export function unsupported(reason: string, instead: string): Treatment {
  return { kind: 'unsupported', reason, instead }
}

export function notApplicable(reason: string): Treatment {
  return { kind: 'not-applicable', reason }
}

/** Drover does just this, and only this. */
export function fixed(
  values: readonly unknown[],
  { to, reason, instead }: { readonly to: string; readonly reason: string; readonly instead: string },
): Rule {
  return { kind: 'fixed', values, to, reason, instead }
}

/** The same treatment for several parameters. */
export function each(names: string, rule: Rule): Rules {
  return Object.fromEntries(names.split(/\s+/).map(name => [name, rule]))
}

/** One treatment for a parameter that means something to several clusters: what is lost counts more than what is kept. */
export function joinTreatments(treatments: readonly Treatment[]): Treatment | undefined {
  const lost = treatments.filter(each => each.kind === 'unsupported')
  if (lost.length > 0) {
    const names = [...new Set(lost.flatMap(({ names }) => names ?? []))]
    return {
      kind: 'unsupported',
      reason: distinct(lost.map(({ reason }) => reason)),
      instead: distinct(lost.map(({ instead }) => instead)),
      ...(names.length === 0 ? {} : { names }),
    }
  }
  const kept = treatments.filter(each => each.kind === 'mapped')
  if (kept.length > 0) {
    const notes = distinct(kept.flatMap(({ note }) => note ?? []))
    const targets = [...new Set(kept.map(({ to }) => to))].sort().join(', ')
    return mapped(targets, notes === '' ? undefined : notes)
  }
  return treatments[0]
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].join('; ')
}
