import type { PhaseKind, PhaseSpan } from '../../../../shared/domain/campaign.ts'
import type { OperationDetails } from '../../../../shared/domain/operation.ts'

/** The phases of the upgrade of one cluster, or of one component on a host, that have begun, for a picture of the fleet. Pure. */
export function phaseSpans({ phases }: Pick<OperationDetails, 'phases'>): readonly PhaseSpan[] {
  const back = phases.findIndex(({ name }) => /^(?:lead|go) back/.test(name))
  return phases.flatMap(({ name, steps }, index): readonly PhaseSpan[] => {
    const begun = steps.flatMap(step => step.begunAt ?? step.startedAt ?? [])
    if (begun.length === 0) return []
    const ends = steps.map(({ endedAt }) => endedAt)
    const endedAt = ends.every(end => end !== undefined) ? Math.max(...ends) : undefined
    const kind = back >= 0 && index >= back ? 'back' : kindOf(name)
    return [{ kind, name, begunAt: Math.min(...begun), ...(endedAt === undefined ? {} : { endedAt }) }]
  })
}

function kindOf(name: string): PhaseKind {
  if (name.startsWith('upgrade ') || /^(?:start .* anew|hand over on )/.test(name)) return 'members'
  if (/^(?:switch over|look again$|lead (?:clients|clusters) away)/.test(name)) return 'switchover'
  if (name.startsWith('watch')) return 'watch'
  if (/^(?:count again$|update extensions$|unpause )/.test(name)) return 'finish'
  return 'prepare'
}
