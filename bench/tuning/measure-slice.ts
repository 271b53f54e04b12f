import { DroverError } from '../../shared/domain/errors.ts'
import { type BenchHost, POSTGRES_BIN } from './bench-host.ts'
import { type CpuUse, cpuUse } from './cpu-use.ts'
import { type PgbenchResult, parsePgbench, pgbenchCommand, type Workload } from './pgbench.ts'
import { DATABASE, SOCKETS } from './postgres.ts'
import type { Activity, Server } from './server.ts'

/** One contender's turn under one workload: figures, or why there are none. */
export type Slice = MeasuredSlice | FailedSlice

export interface MeasuredSlice extends PgbenchResult, Activity, CpuUse {
  readonly kind: 'measured'
  readonly round: number
  readonly contender: string
  readonly workload: string
}

export interface FailedSlice {
  readonly kind: 'failed'
  readonly round: number
  readonly contender: string
  readonly workload: string
  readonly message: string
}

export interface MeasureSlice {
  readonly host: BenchHost
  readonly server: Server
  readonly round: number
  readonly contender: string
  readonly workload: Workload
  readonly seconds: number
  /** Of the host: how many threads pgbench gets. */
  readonly cores: number
}

/** Thaws a server, loads it and freezes it again. A run that pgbench gives up, for example for want of connections, is a result too. */
export async function measureSlice(input: MeasureSlice): Promise<Slice> {
  const { host, server, round, contender, workload } = input
  const slice = { round, contender, workload: workload.name }
  await server.thaw()
  try {
    const before = { activity: await server.activity(), cpu: await host.cpu() }
    const result = await pgbench(input)
    const after = { cpu: await host.cpu(), activity: await server.activity() }
    return {
      ...slice,
      kind: 'measured',
      ...result,
      ...cpuUse(before.cpu, after.cpu),
      walBytes: after.activity.walBytes - before.activity.walBytes,
      checkpoints: after.activity.checkpoints - before.activity.checkpoints,
    }
  } catch (error) {
    const { code, message } = DroverError.from(error)
    if (code !== 'failed') throw error
    return { ...slice, kind: 'failed', message }
  } finally {
    await server.freeze()
  }
}

async function pgbench({ host, server, workload, seconds, cores }: MeasureSlice): Promise<PgbenchResult> {
  const argv = pgbenchCommand({
    program: `${POSTGRES_BIN}/pgbench`,
    sockets: SOCKETS,
    port: server.port,
    database: DATABASE,
    script: workload.script,
    clients: workload.clients,
    threads: cores,
    seconds,
  })
  const timeoutMs = (seconds + 120) * 1000
  return parsePgbench(await host.exec(['runuser', '--user=postgres', '--', ...argv], { timeoutMs }))
}
