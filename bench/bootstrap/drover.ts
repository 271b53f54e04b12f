import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import type { DroverCommand } from '../../deploy/quickstart/drover-command.ts'
import type { LabFleet } from '../../deploy/quickstart/lab-fleet.ts'
import { abortable } from '../../shared/lib/abort.ts'
import type { SqlClient } from '../../test/support/sql-client.ts'
import { waitUntilHealthy } from './healthy.ts'
import { type Measured, measure } from './measure.ts'

export interface MeasureApply {
  readonly fleet: LabFleet
  readonly sql: SqlClient
  readonly specFile: string
  readonly signal: AbortSignal
}

/** `drover apply`, timed as an operator would: from pressing return. */
export async function measureApply({ fleet, sql, specFile, signal }: MeasureApply): Promise<Measured> {
  const { lab, drover } = fleet
  const addresses = (await lab.record()).hosts.map(({ address }) => address)
  const provisioning = Promise.withResolvers<undefined>()
  return measure({
    signal,
    command: signal =>
      apply({
        drover,
        specFile,
        signal,
        onLine: line => {
          if (line.includes('provision')) provisioning.resolve(undefined)
        },
      }),
    healthy: async signal => {
      // The password exists only now. Asking for it costs Drover some of the machine's time, in the rival's favour.
      await abortable(provisioning.promise, signal)
      const url = await connectionUrl(drover, signal)
      await waitUntilHealthy({ sql, addresses, url, timeoutMs: 180_000, signal })
    },
  })
}

interface Apply {
  readonly drover: DroverCommand
  readonly specFile: string
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

async function apply({ drover, specFile, signal, onLine }: Apply): Promise<void> {
  const [program = '', ...options] = drover.argv
  const child = spawn(program, [...options, 'apply', '-f', specFile], { stdio: ['ignore', 'ignore', 'pipe'], signal })
  const latest: string[] = []
  createInterface(child.stderr).on('line', line => {
    latest.push(line)
    onLine(line)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`drover apply ended with ${code}\n${latest.slice(-20).join('\n')}`)
}

async function connectionUrl(drover: DroverCommand, signal: AbortSignal): Promise<string> {
  let url = ''
  await waitUntil({
    what: 'a connection URL of pg-main',
    timeoutMs: 60_000,
    intervalMs: 200,
    signal,
    check: async () => {
      const answer = await drover.run(['cluster', 'psql', 'pg-main', '--print'])
      url = answer.stdout.trim()
      return answer.code === 0
    },
  })
  return url
}
