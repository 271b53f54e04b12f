import type { Upgrade__Output } from '../../../../proto/gen/drover/v1/Upgrade.ts'

/** What goes through the fleet one by one: clusters, or hosts with their agents and components. */
export function unitOf({ of }: Pick<Upgrade__Output, 'of'>): 'cluster' | 'host' {
  return of === 'agents' || of === 'components' ? 'host' : 'cluster'
}
