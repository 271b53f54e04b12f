import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { DroverCommand } from '../../deploy/quickstart/drover-command.ts'
import type { LabFleet } from '../../deploy/quickstart/lab-fleet.ts'
import type { SqlClient } from '../../test/support/sql-client.ts'
import { waitUntilHealthy } from './healthy.ts'
import { type Measured, measure } from './measure.ts'

export interface MeasureApply {
  readonly fleet: LabFleet
  readonly sql: SqlClient
  readonly specFile: string
  /** Of the user app, made before. */
  readonly password: string
  readonly report: (line: string) => void
  readonly signal: AbortSignal
}

/** `drover apply`, timed as an operator would: from pressing return. */
export async function measureApply({
  fleet,
  sql,
  specFile,
  password,
  report,
  signal,
}: MeasureApply): Promise<Measured> {
  const { lab, drover } = fleet
  const addresses = (await lab.record()).hosts.map(({ address }) => address)
  const url = `postgres://app:${password}@any:1/app`
  return measure({
    signal,
    command: signal => apply({ drover, specFile, signal }),
    healthy: signal => waitUntilHealthy({ sql, addresses, url, timeoutMs: 180_000, signal, report }),
  })
}

interface Apply {
  readonly drover: DroverCommand
  readonly specFile: string
  readonly signal: AbortSignal
}

async function apply({ drover, specFile, signal }: Apply): Promise<void> {
  const [program = '', ...options] = drover.argv
  const child = spawn(program, [...options, 'apply', '-f', specFile], { stdio: ['ignore', 'ignore', 'pipe'], signal })
  const latest: string[] = []
  createInterface(child.stderr).on('line', line => latest.push(line))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`drover apply ended with ${code}\n${latest.slice(-20).join('\n')}`)
}
