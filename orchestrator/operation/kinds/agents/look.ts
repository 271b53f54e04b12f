import { AGENT_PACKAGE, type AgentsPlan, type AgentTurn } from '../../../../shared/domain/agent-upgrade.ts'
import { compareDebianVersions } from '../../../../shared/domain/debian-version.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ProgramStep } from '../../program.ts'
import type { StepContext } from '../../steps/step-context.ts'
import type { UpgradeAgentsInput } from './upgrade-agents.ts'

/** Who has which version, and who goes where. Hosts that are not there are left out, and can be taken later by the same command. */
export function lookAtAgents(input: UpgradeAgentsInput): ProgramStep<AgentsPlan> {
  return {
    title: `look at ${input.nodes.length} agents`,
    async act(context) {
      const to = await chooseVersion(input, context)
      const agents: AgentTurn[] = []
      for (const { id, name } of input.nodes) {
        const agent = await context.fleet.agent(id)
        const from = agent?.version ?? ''
        const why = whyPassed({ from, to, connected: agent?.connected === true, isNamed: input.to !== undefined })
        agents.push({ node: name, from, ...(why === null ? {} : { passed: why }) })
      }
      const turns = agents.filter(({ passed }) => passed === undefined).length
      return { result: { to, waves: input.waves, agents }, detail: `${turns} go to ${to}` }
    },
  }
}

/** Pure. */
export function whyPassed(agent: {
  readonly from: string
  readonly to: string
  readonly connected: boolean
  /** Somebody has named the version, which may be an older one. */
  readonly isNamed: boolean
}): NonNullable<AgentTurn['passed']> | null {
  const { from, to, connected, isNamed } = agent
  if (from === to) return { result: 'current', because: 'it has the version' }
  if (!connected) return { result: 'left', because: 'it is not connected' }
  if (!isNamed && compareDebianVersions(from, to) > 0) return { result: 'left', because: `it has a newer one, ${from}` }
  return null
}

async function chooseVersion({ to, nodes }: UpgradeAgentsInput, { shelf, signal }: StepContext): Promise<string> {
  const systems = [...new Set(nodes.map(({ os }) => os))].sort()
  const offers = await Promise.all(
    systems.map(async os => (await shelf.offers(os, [AGENT_PACKAGE], signal))[AGENT_PACKAGE] ?? []),
  )
  const everywhere = (offers[0] ?? []).filter(version => offers.every(offered => offered.includes(version)))
  const chosen =
    to === undefined ? everywhere.toSorted(compareDebianVersions).at(-1) : everywhere.find(version => version === to)
  if (chosen !== undefined) return chosen
  const others = everywhere.length === 0 ? '' : `; it has ${everywhere.join(', ')}`
  throw new DroverError('not-found', `the fleet repository has no agent ${to ?? ''}`.trimEnd() + others, {
    retryable: false,
    hint: 'npm run build, then drover packages add dist/drover-agent_VERSION_amd64.deb',
  })
}
