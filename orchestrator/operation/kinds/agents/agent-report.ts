import type { AgentReport } from '../../../../shared/domain/agent-upgrade.ts'

/** What the steps of one host have answered so far. */
export interface AgentAnswers {
  readonly begun?: Ended
  readonly laidOut?: Ended
  readonly switched?: { readonly failed?: string }
  readonly heard?: { readonly failed?: string; readonly awayMs?: number }
  readonly kept?: { readonly failed?: string }
  readonly back?: { readonly returned: boolean; readonly detail: string }
  readonly why?: string
}

/** `ended`: there is nothing more to do on the host. */
export interface Ended {
  readonly ended?: Pick<AgentReport, 'result' | 'because'>
}

/** What became of the agent; null: it goes on. Pure. */
export function agentReport(
  agent: Pick<AgentReport, 'node' | 'from' | 'to'>,
  answers: AgentAnswers,
): AgentReport | null {
  const { begun, laidOut, switched, heard, kept, back, why } = answers
  const ended = begun?.ended ?? laidOut?.ended
  if (ended !== undefined) return { ...agent, ...ended }
  if (switched?.failed !== undefined) return { ...agent, result: 'failed', because: switched.failed }
  const failed = heard?.failed ?? kept?.failed
  if (failed === undefined)
    return kept === undefined ? null : { ...agent, result: 'upgraded', awayMs: heard?.awayMs ?? 0 }
  if (back === undefined || (back.returned && why === undefined)) return null
  return { ...agent, result: 'failed', because: `${failed}; ${back.returned ? why : back.detail}` }
}
