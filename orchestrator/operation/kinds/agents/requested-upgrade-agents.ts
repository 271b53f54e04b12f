import { z } from 'zod'
import { isAgentVersion } from '../../../../shared/domain/agent-upgrade.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { PackageSource } from '../../../../shared/domain/manifest.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import type { UpgradePolicy } from '../../../../shared/domain/spec.ts'
import { wavesOf } from '../../../plan/campaign/waves.ts'
import { CAMPAIGN_LOCK } from '../../journal.ts'
import { hostPolicyOf } from '../campaign/host-policy.ts'
import { hostUnit } from '../campaign/host-unit.ts'
import { clustersOf } from '../campaign/requested-campaign.ts'
import { onRequest, planKind } from '../requested-kind.ts'
import { lookAtAgents } from './look.ts'
import { type UpgradeAgentsInput, upgradeAgents } from './upgrade-agents.ts'

const names = z.array(z.string())

export const agentsRequest = z.strictObject({
  to: z.string().refine(isAgentVersion, 'a version of the agent, such as 0.2.0').optional(),
  nodes: names.optional(),
  canaries: names.default([]),
  by: z.string().optional(),
  atOnce: z.int().min(1).default(10),
  connectSeconds: z.number().min(10).max(3600).default(180),
  soakSeconds: z.number().min(0).max(3600).default(30),
})

export type AgentsRequest = z.output<typeof agentsRequest>

/** `drover upgrade agents`. One upgrade at a time, of clusters or of agents. */
export const requestedUpgradeAgents = onRequest({
  kind: upgradeAgents,
  request: agentsRequest,
  async prepare(request, { fleet }) {
    const input = agentsOf(request, await fleet.snapshot({}))
    return { subject: subjectOf(input), clusters: [], locks: [CAMPAIGN_LOCK], input }
  },
})

/** `drover upgrade agents --dry-run`: changes nothing. */
export const requestedAgentsPlan = planKind({
  kind: 'upgrade-agents-plan',
  request: agentsRequest,
  async prepare(request, { fleet }) {
    const input = agentsOf(request, await fleet.snapshot({}))
    return { subject: subjectOf(input), input }
  },
  async look(input, op) {
    op.phase('look')
    return op.step(lookAtAgents(input))
  },
})

/** Throws `not-found` for a node that there is not. Pure. */
export function agentsOf(request: AgentsRequest, snapshot: Snapshot): UpgradeAgentsInput {
  const { to, canaries, by, atOnce, connectSeconds, soakSeconds } = request
  const known = snapshot.nodes.filter(({ state }) => state !== 'pending')
  for (const name of [...(request.nodes ?? []), ...canaries])
    if (!known.some(node => node.name === name))
      throw new DroverError('not-found', `there is no node ${name}`, { hint: 'drover node list' })
  const nodes = known
    .filter(({ name }) => request.nodes === undefined || request.nodes.includes(name))
    .flatMap(({ id, name, os, labels, manifest }) => {
      const clusters = [...new Set((manifest?.watches.instances ?? []).map(({ cluster }) => cluster))]
      return os === undefined ? [] : [{ id, name, os, labels, clusters }]
    })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
  if (nodes.length === 0)
    throw new DroverError('not-found', 'no agent has told what host it is on', { hint: 'drover node list' })
  const asked = { canaries: canaries.filter(name => nodes.some(node => node.name === name)), by }
  const fleet = { hosts: nodes, clusters: clustersOf(snapshot) }
  const { policy } = hostPolicyOf(asked, orderOf(snapshot.appliedSpec?.fleet.parameters.upgrades), fleet)
  const waves = wavesOf(nodes.map(hostUnit), policy)
  return {
    ...(to === undefined ? {} : { to }),
    nodes,
    waves,
    sources: sourcesOf(snapshot),
    control: { paused: false, caps: { fleet: atOnce, node: 1, labels: {} } },
    connectMs: connectSeconds * 1000,
    soakMs: soakSeconds * 1000,
  }
}

/** No client notices an agent that starts anew: what spares clients is not asked of it, but who comes first is the same. */
function orderOf({ canaries, stages, by }: UpgradePolicy = {}): UpgradePolicy {
  return {
    ...(canaries === undefined ? {} : { canaries }),
    ...(stages === undefined ? {} : { stages }),
    ...(by === undefined ? {} : { by }),
  }
}

function sourcesOf({ repository: { urls, suite, key } }: Snapshot): Readonly<Record<string, PackageSource>> {
  return Object.fromEntries(Object.entries(urls).map(([os, url]) => [os, { url, suite, key }]))
}

function subjectOf({ nodes, to }: UpgradeAgentsInput): string {
  return `${nodes.length} ${nodes.length === 1 ? 'agent' : 'agents'}${to === undefined ? '' : ` to ${to}`}`
}
