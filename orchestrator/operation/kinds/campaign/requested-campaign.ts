import { z } from 'zod'
import type { CampaignCluster } from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import { leads } from '../../../../shared/domain/observation.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import { wavesOf } from '../../../plan/campaign/waves.ts'
import { CAMPAIGN_LOCK } from '../../journal.ts'
import { onRequest } from '../requested-kind.ts'
import { type CampaignInput, campaign } from './campaign.ts'
import { heardSnapshot } from './heard-snapshot.ts'
import { hasLabel, policyOf, policyRequest } from './policy.ts'

const names = z.array(z.string())

/** What `drover upgrade plan` and `drover upgrade start` ask for. What is absent, or an empty list, is as the fleet file says. */
export const campaignRequest = policyRequest.extend({
  to: z.string().optional(),
  allowHeld: names.default([]),
  clusters: names.optional(),
  watchSeconds: z.number().min(0).optional(),
})

export type CampaignRequest = z.output<typeof campaignRequest>

/** `drover upgrade start`. */
export const requestedCampaign = onRequest({
  kind: campaign,
  request: campaignRequest,
  async prepare(request, { fleet }) {
    const input = campaignOf(request, await heardSnapshot(fleet))
    const clusters = input.waves.flatMap(wave => wave.clusters)
    return {
      subject: `${clusters.length} clusters${request.to === undefined ? '' : ` to ${request.to}`}`,
      clusters,
      locks: [CAMPAIGN_LOCK],
      input,
    }
  },
})

/** Throws `not-found` for a cluster that there is not, `invalid` for a window that is none. Pure. */
export function campaignOf(request: CampaignRequest, snapshot: Snapshot): CampaignInput {
  const { to, watchSeconds } = request
  const all = clustersOf(snapshot)
  for (const name of [...(request.clusters ?? []), ...(request.canaries ?? []), ...(request.stages ?? []).flat()])
    refuseUnknown(name, all)
  const wanted = request.clusters ?? all.map(({ name }) => name)
  const clusters = all.filter(({ name }) => wanted.includes(name))
  if (clusters.length === 0)
    throw new DroverError('not-found', 'the fleet has no cluster to upgrade', { hint: 'drover cluster list' })
  const { policy, caps } = policyOf(request, snapshot.appliedSpec?.fleet.parameters.upgrades ?? {}, clusters)
  return {
    policy,
    control: { paused: false, caps },
    ...(to === undefined ? {} : { to }),
    ...(watchSeconds === undefined ? {} : { watchSeconds }),
    allowHeld: request.allowHeld,
    clusters,
    waves: wavesOf(clusters, policy),
  }
}

/** Those that hold data and run. */
export function clustersOf({ appliedSpec, allocations, nodes }: Snapshot): readonly CampaignCluster[] {
  const primaries = new Map(
    nodes.flatMap(({ id, observation }) =>
      (observation?.instances ?? []).filter(({ role }) => leads(role)).map(({ cluster }) => [cluster, id] as const),
    ),
  )
  return Object.entries(allocations.clusters)
    .filter(([, { bootstrapped, hibernated }]) => bootstrapped && hibernated === undefined)
    .map(([name, { members }]): CampaignCluster => {
      const primaryNode = primaries.get(name)
      const spec = appliedSpec?.clusters.find(cluster => cluster.name === name)
      const standbyOf = spec?.standbyOf?.cluster
      const ids = [...new Set(members.map(({ nodeId }) => nodeId))]
      return {
        name,
        members: members.map(({ instance }) => instance),
        nodes: ids.map(id => ({ id, labels: nodes.find(node => node.id === id)?.labels ?? {} })),
        ...(primaryNode === undefined ? {} : { primaryNode }),
        ...(standbyOf === undefined ? {} : { standbyOf }),
        ...(spec?.updateExtensions === true ? { updateExtensions: true } : {}),
      }
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** A name, or `label=value`. */
function refuseUnknown(name: ClusterName, clusters: readonly CampaignCluster[]): void {
  if (clusters.some(cluster => cluster.name === name || hasLabel(cluster, name))) return
  throw new DroverError('not-found', `there is no running cluster ${name}`, { hint: 'drover cluster list' })
}
