/** A Debian release the lab can boot, and the suite that debootstrap knows it by. */
export const suites = { debian13: 'trixie', debian12: 'bookworm' } as const

export type OsName = keyof typeof suites

/** What the lab remembers of a host; everything else (is it up, which processes) is asked of the kernel. */
export interface HostRecord {
  readonly name: string
  readonly number: number
  readonly address: string
  readonly os: OsName
  /** Read-only directories below the host's own disk, topmost first; the base image is the last. */
  readonly lower: readonly string[]
}

export function hostName(number: number): string {
  return `node-${number}`
}

/** The machine that runs the lab, as an end of a link: the bridge address `.1`. */
export const orchestratorEnd = 'orchestrator'

/** Frames from one end to the other are dropped. Ends are host names or `orchestrator`. */
export interface Cut {
  readonly from: string
  readonly to: string
}

export interface LabRecord {
  readonly name: string
  readonly subnet: string
  readonly hosts: readonly HostRecord[]
  readonly cuts: readonly Cut[]
}

/**
 * `booting` is a host whose systemd has not finished its start-up, `degraded` one with failed units,
 * `broken` one whose systemd-nspawn was killed while its processes live on: power it on anew.
 */
export type HostState = 'off' | 'broken' | 'booting' | 'running' | 'degraded' | 'stopping'

export interface HostStatus {
  readonly name: string
  readonly address: string
  readonly os: OsName
  readonly state: HostState
  /** Process id, on this machine, of the host's init. */
  readonly pid: number | undefined
  readonly failedUnits: readonly string[]
}

/** A file put on a host's disk before its first boot. Mode defaults to 0644, owner is root. */
export interface HostFile {
  readonly content: string
  readonly mode?: number
}
