import type { AgentReport, AgentsPlan, AgentsReport } from '../../../../shared/domain/agent-upgrade.ts'
import type { Wave } from '../../../../shared/domain/campaign.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { PackageSource } from '../../../../shared/domain/manifest.ts'
import type { Lane, OperationKind } from '../../program.ts'
import { lookAtAgents } from './look.ts'
import * as steps from './steps.ts'

export interface AgentNode {
  readonly id: NodeId
  readonly name: string
  readonly os: string
}

export interface UpgradeAgentsInput {
  /** Absent: the newest that the fleet repository has. */
  readonly to?: string
  readonly nodes: readonly AgentNode[]
  /** They name nodes. */
  readonly waves: readonly Wave[]
  /** By OS. */
  readonly sources: Readonly<Record<string, PackageSource>>
  readonly atOnce: number
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

    op.phase('look')
    const plan = await op.step(lookAtAgents(input))
    reports.push(...passed(plan))
    for (const { name, clusters: names } of input.waves) {
      const turns = input.nodes.filter(node => names.includes(node.name) && takesTurn(node, plan))
      if (turns.length === 0) continue
      op.phase(name)
      await op.each({ items: turns, atOnce: input.atOnce }, async (node, lane) => {
        reports.push(await upgradeOne(node, lane))
      })
      if (failures() > 0) throw stopped(reports)
    }
    return { output: { agents: reports } }

    async function upgradeOne(node: AgentNode, lane: Lane): Promise<AgentReport> {
      const from = plan.agents.find(each => each.node === node.name)?.from ?? ''
      const base = { node: node.name, from, to: plan.to }
      const given = { node, from, to: plan.to, input }
      const laidOut = await lane.step(steps.layOut(given, failures))
      if (laidOut.ended !== undefined) return { ...base, ...laidOut.ended }
      const switched = await lane.step(steps.switchOver(given))
      if (switched.failed !== undefined) return { ...base, result: 'failed', because: switched.failed }
      const heard = await lane.step(steps.hear(given))
      const kept = heard.failed === undefined ? await lane.step(steps.keep(given)) : heard
      if (kept.failed === undefined) return { ...base, result: 'upgraded', awayMs: heard.awayMs ?? 0 }
      const back = await lane.step(steps.awaitReturn(given, switched.backAt))
      const why = back.returned ? await lane.step(steps.askWhy(given)) : back.detail
      return { ...base, result: 'failed', because: `${kept.failed}; ${why}` }
    }
  },
}

function takesTurn(node: AgentNode, { agents }: AgentsPlan): boolean {
  return agents.some(each => each.node === node.name && each.passed === undefined)
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
