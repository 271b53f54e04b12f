import type { CampaignCaps, CampaignCluster, CampaignPolicy } from '../../../../shared/domain/campaign.ts'
import type { ClusterName, NodeId } from '../../../../shared/domain/ids.ts'
import type { UpgradePolicy } from '../../../../shared/domain/spec.ts'
import { hostUnit } from './host-unit.ts'
import { type PolicyRequest, policyOf } from './policy.ts'

/** A host, with the clusters that have a member on it. */
export interface PolicyHost {
  readonly id: NodeId
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly clusters: readonly ClusterName[]
}

/**
 * The policy of the fleet's upgrades for hosts. What somebody says of this upgrade names hosts, or their labels. What the fleet file says
 * names clusters: a host comes when the last of its clusters comes, and is a canary when all of them are. Pure.
 */
export function hostPolicyOf(
  request: PolicyRequest,
  file: UpgradePolicy,
  fleet: { readonly hosts: readonly PolicyHost[]; readonly clusters: readonly CampaignCluster[] },
): { readonly policy: CampaignPolicy; readonly caps: CampaignCaps } {
  const { hosts, clusters } = fleet
  const { canaries: _canaries, stages: _stages, ...rest } = file
  const { policy, caps } = policyOf(request, rest, hosts.map(hostUnit))
  const said = policyOf({}, file, clusters).policy
  const areCanaries = ({ clusters: own }: PolicyHost): boolean =>
    own.length > 0 && own.every(name => said.canaries.includes(name))
  return {
    policy: {
      ...policy,
      canaries: policy.canaries.length > 0 ? policy.canaries : hosts.filter(areCanaries).map(({ name }) => name),
      stages: policy.stages.length > 0 ? policy.stages : stagesOf(hosts, said.stages),
    },
    caps,
  }
}

/** What no stage names comes last, and with it the hosts that have nothing of any. */
function stagesOf(hosts: readonly PolicyHost[], stages: CampaignPolicy['stages']): readonly (readonly string[])[] {
  const stageOf = ({ clusters }: PolicyHost): number =>
    Math.max(-1, ...clusters.map(name => stages.findIndex(stage => stage.includes(name))).map(orLast))
  return stages.map((_, index) => hosts.filter(host => stageOf(host) === index).map(({ name }) => name))

  function orLast(index: number): number {
    return index < 0 ? stages.length : index
  }
}
