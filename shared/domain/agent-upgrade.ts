import type { Wave } from './campaign.ts'
import type { PackageSource } from './manifest.ts'

/** The agent's Debian package. */
export const AGENT_PACKAGE = 'drover-agent'

/** A version of the agent, as its package and the agent itself name it. No epoch: it is part of paths and units. */
export function isAgentVersion(text: string): boolean {
  return /^\d[0-9A-Za-z.+~-]{0,63}$/.test(text)
}

export interface AgentStageArgs {
  /** Where the package comes from: the fleet's own signed repository. */
  readonly source: PackageSource
  readonly version: string
}

export interface AgentStaged {
  /** What runs now. */
  readonly running: string
  readonly tookMs: number
}

export interface AgentSwitchArgs {
  readonly version: string
  /** After this time the host goes back to what runs now, unless the version is kept. */
  readonly keepWithinMs: number
}

export interface AgentSwitched {
  /** What ran when the command came. */
  readonly running: string
  /** False: the version runs already. */
  readonly restarts: boolean
}

export interface AgentKeepArgs {
  readonly version: string
}

/** What became of the agent of one node. */
export interface AgentReport {
  readonly node: string
  /** `current`: it had the version. `left`: nothing was begun there. */
  readonly result: 'upgraded' | 'current' | 'left' | 'failed'
  readonly from: string
  readonly to: string
  readonly because?: string
  /** From the answer to `agent.switch` until the new one was connected. */
  readonly awayMs?: number
}

export interface AgentsReport {
  readonly agents: readonly AgentReport[]
}

/** What would be done. The waves name nodes. */
export interface AgentsPlan {
  readonly to: string
  readonly waves: readonly Wave[]
  readonly agents: readonly AgentTurn[]
}

export interface AgentTurn {
  readonly node: string
  readonly from: string
  /** Absent: it takes its turn. */
  readonly passed?: { readonly result: 'current' | 'left'; readonly because: string }
}
