import { DroverError } from '../../shared/domain/errors.ts'
import { type BenchHost, POSTGRES_BIN } from './bench-host.ts'
import type { Contender } from './contenders.ts'
import { type CpuUse, cpuUse } from './cpu-use.ts'
import { type PgbenchResult, parsePgbench, pgbenchCommand, type Workload } from './pgbench.ts'
import { type Activity, DATABASE, type Server, SOCKETS } from './server.ts'

const WARM_UP: Workload = { name: 'warm-up', script: 'select-only', clients: 2 }
const WARM_UP_SECONDS = 3

/** One contender under one workload: figures, or why there are none. */
export type Slice = MeasuredSlice | FailedSlice

export interface MeasuredSlice extends PgbenchResult, Activity, CpuUse {
  readonly kind: 'measured'
  readonly contender: string
  readonly workload: string
}

export interface FailedSlice {
  readonly kind: 'failed'
  readonly contender: string
  readonly workload: string
  readonly message: string
}

export interface Load {
  readonly host: BenchHost
  readonly server: Server
  /** Of each slice. */
  readonly seconds: number
  /** Of the host: how many threads pgbench gets. */
  readonly cores: number
  readonly workloads: readonly Workload[]
}

/** Starts the server from fresh content under one contender's settings and runs one workload after the other. */
export async function* measureContender({ name, settings }: Contender, load: Load): AsyncGenerator<Slice> {
  await load.server.start(settings)
  try {
    await pgbench({ ...load, seconds: WARM_UP_SECONDS }, WARM_UP)
    for (const workload of load.workloads) yield await measureSlice({ contender: name, workload, load })
  } finally {
    await load.server.stop()
  }
}

interface SliceInput {
  readonly contender: string
  readonly workload: Workload
  readonly load: Load
}

/** A run that pgbench gives up, for example for want of connections, is a result too. */
async function measureSlice({ contender, workload, load }: SliceInput): Promise<Slice> {
  const { host, server } = load
  const before = { cpu: await host.cpu(), activity: await server.activity() }
  const slice = { contender, workload: workload.name }
  try {
    const result = await pgbench(load, workload)
    const after = { cpu: await host.cpu(), activity: await server.activity() }
    return {
      ...slice,
      kind: 'measured',
      ...result,
      walBytes: after.activity.walBytes - before.activity.walBytes,
      checkpoints: after.activity.checkpoints - before.activity.checkpoints,
      ...cpuUse(before.cpu, after.cpu),
    }
  } catch (error) {
    const { code, message } = DroverError.from(error)
    if (code !== 'failed') throw error
    return { ...slice, kind: 'failed', message }
  }
}

async function pgbench({ host, seconds, cores }: Load, { script, clients }: Workload): Promise<PgbenchResult> {
  const argv = pgbenchCommand({
    program: `${POSTGRES_BIN}/pgbench`,
    sockets: SOCKETS,
    database: DATABASE,
    script,
    clients,
    threads: cores,
    seconds,
  })
  const timeoutMs = (seconds + 120) * 1000
  return parsePgbench(await host.exec(['runuser', '--user=postgres', '--', ...argv], { timeoutMs }))
}
