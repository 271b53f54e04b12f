import type { AgentReport, AgentsPlan } from '../../../shared/domain/agent-upgrade.ts'
import { table } from './table.ts'

export function renderAgentsPlan({ to, waves, agents }: AgentsPlan): string {
  const rows = waves.flatMap(({ name, clusters: nodes }) =>
    nodes.flatMap(node => {
      const turn = agents.find(each => each.node === node)
      if (turn === undefined) return []
      return [[name, node, turn.from || '-', to, turn.passed === undefined ? 'ready' : turn.passed.because]]
    }),
  )
  return table(['WAVE', 'NODE', 'RUNS', 'TO', 'STATE'], rows)
}

/** One line an agent, as they ended. */
export function renderAgentReports(reports: readonly AgentReport[]): string {
  const rows = reports.map(({ node, result, from, to, awayMs, because }) => [
    node,
    result,
    from || '-',
    to,
    awayMs === undefined ? '-' : `${awayMs} ms`,
    because ?? '',
  ])
  return table(['NODE', 'RESULT', 'FROM', 'TO', 'AWAY', ''], rows)
}
