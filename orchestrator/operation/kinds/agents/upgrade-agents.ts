import type { AgentReport, AgentsPlan, AgentsReport } from '../../../../shared/domain/agent-upgrade.ts'
import type { CampaignCluster, CampaignControl, Wave } from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { PackageSource } from '../../../../shared/domain/manifest.ts'
import { forgetCampaignControl } from '../../../inventory/fleet-campaign.ts'
import type { Lane, OperationKind } from '../../program.ts'
import { hostUnit } from '../campaign/host-unit.ts'
import { type Turnstile, WAITING } from '../campaign/turn.ts'
import { type AgentAnswers, agentReport } from './agent-report.ts'
import { lookAtAgents } from './look.ts'
import * as steps from './steps.ts'

export interface AgentNode {
  readonly id: NodeId
  readonly name: string
  readonly os: string
  readonly labels: Readonly<Record<string, string>>
}

export interface UpgradeAgentsInput {
  /** Absent: the newest that the fleet repository has. */
  readonly to?: string
  readonly nodes: readonly AgentNode[]
  /** They name nodes. */
  readonly waves: readonly Wave[]
  /** By OS. */
  readonly sources: Readonly<Record<string, PackageSource>>
  readonly control: CampaignControl
  /** How long a new agent may take to connect, and how long it is watched then, milliseconds. */
  readonly connectMs: number
  readonly soakMs: number
}

/**
 * Takes agents to another version, wave by wave. Each host goes back by itself unless it is told in time that its new agent stays, and it
 * is told so after that agent has connected, has been watched, and answers a signed command. After the first that does not, no other is
 * begun. Nothing of the data path is touched (S1).
 */
export const upgradeAgents: OperationKind<UpgradeAgentsInput, AgentsReport> = {
  kind: 'upgrade-agents',
  async run(input, op) {
    const reports: AgentReport[] = []
    const failures = (): number => reports.filter(({ result }) => result === 'failed').length
    const underWay = new Map<string, CampaignCluster>()
    const turnstile: Turnstile = { policy: { windows: [], budget: 0 }, control: input.control, underWay, failures }

    op.phase('look')
    const plan = await op.step(lookAtAgents(input))
    reports.push(...passed(plan))
    for (const { name, clusters: names } of turnsOf(input, plan)) {
      op.phase(name)
      const turns = input.nodes.filter(node => names.includes(node.name))
      await op.each({ items: turns, atOnce: WAITING }, async (node, lane) => {
        const from = plan.agents.find(each => each.node === node.name)?.from ?? ''
        const answers = await upgradeOne({ node, from, to: plan.to, input }, lane)
        const report = agentReport({ node: node.name, from, to: plan.to }, answers)
        if (report !== null) reports.push(report)
      })
      if (failures() > 0) throw stopped(reports)
    }
    return { output: { agents: reports }, alongside: [forgetCampaignControl(op.operationId)] }

    async function upgradeOne(given: steps.Given, lane: Lane): Promise<AgentAnswers> {
      const { node } = given
      const begun = await lane.step(steps.begin(given, turnstile))
      if (begun.ended !== undefined) return { begun }
      underWay.set(node.name, hostUnit(node))
      try {
        const laidOut = await lane.step(steps.layOut(given))
        if (laidOut.ended !== undefined) return { laidOut }
        const switched = await lane.step(steps.switchOver(given))
        if (switched.failed !== undefined) return { switched }
        const heard = await lane.step(steps.hear(given))
        const kept = heard.failed === undefined ? await lane.step(steps.keep(given)) : heard
        if (kept.failed === undefined) return { heard, kept }
        const back = await lane.step(steps.awaitReturn(given, switched.backAt))
        return { heard, kept, back, ...(back.returned ? { why: await lane.step(steps.askWhy(given)) } : {}) }
      } finally {
        underWay.delete(node.name)
      }
    }
  },
}

/** The waves with those that take a turn; who is passed over is in none. Pure. */
export function turnsOf({ waves }: Pick<UpgradeAgentsInput, 'waves'>, plan: AgentsPlan): readonly Wave[] {
  const taken = new Set(plan.agents.flatMap(({ node, passed: why }) => (why === undefined ? [node] : [])))
  return waves
    .map(({ name, clusters }) => ({ name, clusters: clusters.filter(node => taken.has(node)) }))
    .filter(({ clusters }) => clusters.length > 0)
}

function passed({ to, agents }: AgentsPlan): readonly AgentReport[] {
  return agents.flatMap(({ node, from, passed: why }) => (why === undefined ? [] : [{ node, from, to, ...why }]))
}

function stopped(reports: readonly AgentReport[]): DroverError {
  const failed = reports.filter(({ result }) => result === 'failed')
  const done = reports.filter(({ result }) => result === 'upgraded').length
  const said = failed.map(({ node, because }) => `${node}: ${because}`).join('; ')
  return new DroverError('failed', `the upgrade of agents ends here, with ${done} upgraded: ${said}`, {
    retryable: false,
    hint: 'what is upgraded stays so; the same command goes on with the rest',
  })
}
