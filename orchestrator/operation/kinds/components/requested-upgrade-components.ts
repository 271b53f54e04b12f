import { z } from 'zod'
import type { CampaignCluster } from '../../../../shared/domain/campaign.ts'
import { COMPONENTS } from '../../../../shared/domain/component.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { FINDING_CODES } from '../../../../shared/domain/health.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import { CAMPAIGN_LOCK } from '../../journal.ts'
import { hostPolicyOf } from '../campaign/host-policy.ts'
import { hostUnit } from '../campaign/host-unit.ts'
import { hasLabel, policyRequest } from '../campaign/policy.ts'
import { clustersOf } from '../campaign/requested-campaign.ts'
import { onRequest, planKind } from '../requested-kind.ts'
import { lookAtComponents } from './look.ts'
import { type ComponentHost, type UpgradeComponentsInput, upgradeComponents } from './upgrade-components.ts'

const component = z.enum(COMPONENTS)

/** What is absent, or an empty list, is as the fleet file says. Canaries and stages name hosts. */
export const componentsRequest = policyRequest.extend({
  components: z.array(component).default([]),
  to: z.partialRecord(component, z.string()).default({}),
  nodes: z.array(z.string()).optional(),
  drainSeconds: z.number().min(0).max(86_400).default(600),
  ignoreHealth: z.array(z.enum(FINDING_CODES)).default([]),
})

export type ComponentsRequest = z.output<typeof componentsRequest>

/** `drover upgrade components`. One upgrade at a time. */
export const requestedUpgradeComponents = onRequest({
  kind: upgradeComponents,
  request: componentsRequest,
  async prepare(request, { fleet }) {
    const input = componentsOf(request, await fleet.snapshot({}))
    return { subject: subjectOf(input), clusters: [], locks: [CAMPAIGN_LOCK], input }
  },
})

/** `drover upgrade components --dry-run`: changes nothing. */
export const requestedComponentsPlan = planKind({
  kind: 'upgrade-components-plan',
  request: componentsRequest,
  async prepare(request, { fleet }) {
    const input = componentsOf(request, await fleet.snapshot({}))
    return { subject: subjectOf(input), input }
  },
  async look(input, op) {
    op.phase('look')
    return op.step(lookAtComponents(input))
  },
})

/** Throws `not-found` for a node that there is not, `invalid` for a version of a component that is not asked for. Pure. */
export function componentsOf(request: ComponentsRequest, snapshot: Snapshot): UpgradeComponentsInput {
  const { components, to, nodes: names, drainSeconds, ignoreHealth } = request
  const asked = components.length === 0 ? COMPONENTS : components
  const stray = Object.keys(to).find(name => !asked.some(each => each === name))
  if (stray !== undefined)
    throw new DroverError('invalid', `a version of ${stray} is named, which is not to be upgraded`)
  const known = hostsOf(snapshot)
  const units = known.map(hostUnit)
  for (const name of [...(names ?? []), ...(request.canaries ?? []), ...(request.stages ?? []).flat()])
    refuseUnknown(name, units)
  const hosts = known.filter(({ name }) => names === undefined || names.includes(name))
  const file = snapshot.appliedSpec?.fleet.parameters.upgrades ?? {}
  const { policy, caps } = hostPolicyOf(request, file, { hosts, clusters: clustersOf(snapshot) })
  const control = { paused: false, caps }
  return { components: asked, to, hosts, policy, control, drainMs: drainSeconds * 1000, ignoreHealth }
}

/** To which something was applied, by name. */
function hostsOf({ nodes }: Pick<Snapshot, 'nodes'>): readonly ComponentHost[] {
  return nodes
    .flatMap(({ id, name, os, labels, manifest }): readonly ComponentHost[] => {
      if (os === undefined || manifest === undefined) return []
      const clusters = [...new Set(manifest.watches.instances.map(({ cluster }) => cluster))].sort()
      return [{ id, name, os, labels, clusters }]
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** A name, or `label=value`. */
function refuseUnknown(name: string, hosts: readonly CampaignCluster[]): void {
  if (hosts.some(host => host.name === name || hasLabel(host, name))) return
  throw new DroverError('not-found', `there is no node ${name} to which anything was applied`, {
    hint: 'drover node list',
  })
}

function subjectOf({ components, hosts }: UpgradeComponentsInput): string {
  return `${components.join(', ')} of ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}`
}
