import { upstream } from '../../shared/domain/debian-version.ts'
import { type HeldRelease, whyHeld } from './campaign/held-releases.ts'

/**
 * What a host that has nothing yet gets of each package: the newest on offer; of PostgreSQL, and of what is built with it, the newest
 * release that is not held, as long as there is one. `offers`: by name, newest first. Pure.
 */
export function bestOnOffer(
  offers: Readonly<Record<string, readonly string[]>>,
  held: readonly HeldRelease[],
): Readonly<Record<string, string>> {
  const insteadOf = new Map<string, string>()
  for (const [name, versions] of Object.entries(offers)) {
    const [newest] = versions
    const free = versions.find(version => whyHeld(upstream(version), held) === undefined)
    if (/^postgresql-\d+$/.test(name) && newest !== undefined && free !== undefined) insteadOf.set(newest, free)
  }
  return Object.fromEntries(
    Object.entries(offers).flatMap(([name, versions]) => {
      const [newest] = versions
      if (newest === undefined) return []
      const other = insteadOf.get(newest)
      return [[name, other !== undefined && versions.includes(other) ? other : newest]]
    }),
  )
}
