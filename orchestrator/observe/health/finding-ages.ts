import type { Finding } from '../../../shared/domain/health.ts'

/** Remembers when each finding was seen first; one that was away for a moment only is still the same. */
export interface FindingAges {
  stamp(found: readonly Finding[], now: number): readonly Finding[]
}

const AWAY_MS = 60_000

export function createFindingAges(): FindingAges {
  const known = new Map<string, { readonly since: number; seen: number }>()
  return {
    stamp(found, now) {
      const stamped = found.map(each => {
        const key = `${each.code} ${each.subject.kind}/${each.subject.name}`
        const before = known.get(key)
        const since = before?.since ?? now
        known.set(key, { since, seen: now })
        return { ...each, since }
      })
      for (const [key, { seen }] of known) if (now - seen > AWAY_MS) known.delete(key)
      return stamped
    },
  }
}
