/** Where the agent keeps what is its own. */
export interface AgentPaths {
  readonly config: string
  readonly state: string
}

export const DEFAULT_PATHS: AgentPaths = { config: '/etc/drover', state: '/var/lib/drover-agent' }
