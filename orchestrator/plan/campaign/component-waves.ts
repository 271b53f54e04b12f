import type { CampaignCluster, CampaignPolicy } from '../../../shared/domain/campaign.ts'
import type { ComponentTurn, ComponentWave } from '../../../shared/domain/component.ts'
import { wavesOf } from './waves.ts'

/**
 * Component after component, so that what is not well after a wave is that component; each through its hosts as a fleet goes through its
 * clusters. Hosts without a turn are in no wave. The policy names hosts. Pure.
 */
export function componentWaves(
  turns: readonly ComponentTurn[],
  hosts: readonly CampaignCluster[],
  policy: CampaignPolicy,
): readonly ComponentWave[] {
  const known = new Map(hosts.map(host => [host.name, host]))
  return [...Map.groupBy(turns, ({ component }) => component)].flatMap(([component, own]) => {
    const units = own.flatMap(({ node }) => known.get(node) ?? [])
    const canaries = policy.canaries.filter(name => units.some(unit => unit.name === name))
    return wavesOf(units, { ...policy, canaries }).map(({ name, clusters }) => ({
      name: `${component}: ${name}`,
      component,
      clusters,
    }))
  })
}
