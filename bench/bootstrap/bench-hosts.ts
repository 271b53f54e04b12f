import type { Lab } from '../../deploy/lab/lab.ts'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import type { SqlClient } from '../../test/support/sql-client.ts'
import type { Measured } from './measure.ts'

export interface OpenHosts {
  readonly name: string
  readonly subnet: string
  readonly specFile: string
  /** With an orchestrator and agents; otherwise bare hosts with the packages. */
  readonly withDrover: boolean
  readonly context: LabContext
}

/** Three hosts that have every package and no cluster. */
export interface BenchHosts {
  readonly lab: Lab
  /** Runs `drover apply` and times it up to the finish line. */
  readonly apply: (sql: SqlClient) => Promise<Measured>
}

/** What the hosts run, and how many there are. */
export const os = 'debian13'
export const count = 3

/** Makes a layer over others, given topmost first. */
export type Over = (lower: readonly string[]) => Promise<string>
