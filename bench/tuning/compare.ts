import { guardByOwner } from '../../deploy/lab/owner-guard.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { type BenchHost, type OpenHost, openHost, POSTGRES_VERSION } from './bench-host.ts'
import { type Contender, contendersFor } from './contenders.ts'
import { scaleFor, sharedBuffersOf } from './data-size.ts'
import { type Machine, machineOf, withMemory } from './machine.ts'
import { type PgbenchResult, parsePgbench, pgbenchCommand, type Workload, workloads } from './pgbench.ts'
import { type Activity, createServer, DATABASE, type Server, SOCKETS } from './server.ts'

const bin = `/usr/lib/postgresql/${POSTGRES_VERSION}/bin`
const WARM_UP_SECONDS = 3

export interface Compare extends OpenHost {
  readonly rounds: number
  /** Of each slice. */
  readonly seconds: number
  /** Absent: as large as the contenders' shared buffers ask for. */
  readonly scale?: number
  /** What the contenders are told that the host has. */
  readonly memoryBytes: number
  readonly manyClients: number
  readonly leaveOut: readonly string[]
}

/** One contender under one workload in one round: figures, or why there are none. */
export type Slice = {
  readonly round: number
  readonly contender: string
  readonly workload: string
} & (({ readonly kind: 'measured' } & PgbenchResult & Activity) | { readonly kind: 'failed'; readonly message: string })

export interface Comparison {
  readonly machine: Machine
  readonly scale: number
  readonly databaseBytes: number
  readonly seconds: number
  readonly contenders: readonly (Contender & { readonly sharedBuffersBytes: number })[]
  readonly slices: readonly Slice[]
}

/** All contenders on one host, from the same content, one after the other in each round; each round begins with another one. */
export async function compareTunings(request: Compare): Promise<Comparison> {
  const guard = guardByOwner(request.name)
  try {
    await using host = await openHost(request)
    return await compareOn(host, request)
  } finally {
    guard.release()
  }
}

async function compareOn(host: BenchHost, request: Compare): Promise<Comparison> {
  const { rounds, seconds, memoryBytes, manyClients, leaveOut, context } = request
  const reported = await host.node()
  if (reported.facts === undefined) throw new DroverError('internal', 'the host has no facts')
  const node = { ...reported, facts: withMemory(reported.facts, memoryBytes) }
  const machine = machineOf(node, POSTGRES_VERSION)
  const contenders = contendersFor({ node, postgresVersion: POSTGRES_VERSION, leaveOut })
  const scale = request.scale ?? scaleFor(contenders.map(({ settings }) => settings))
  const server = createServer({ exec: host.exec, bin })
  context.report(`making pgbench's tables at scale ${scale}`)
  const databaseBytes = await server.makeTemplate(scale)
  const slices: Slice[] = []
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of rotated(contenders, round - 1)) {
      const load = { host, server, seconds, cores: machine.cores }
      for await (const slice of measure(contender, { ...load, workloads: workloads(machine.cores, manyClients) })) {
        slices.push({ round, ...slice })
        context.report(`round ${round}: ${line(slice)}`)
      }
    }
  }
  return {
    machine,
    scale,
    databaseBytes,
    seconds,
    contenders: contenders.map(each => ({ ...each, sharedBuffersBytes: sharedBuffersOf(each.settings) })),
    slices,
  }
}

interface Load {
  readonly host: BenchHost
  readonly server: Server
  readonly seconds: number
  readonly cores: number
  readonly workloads: readonly Workload[]
}

type Outcome = Slice extends infer Each ? (Each extends Slice ? Omit<Each, 'round'> : never) : never

async function* measure({ name, settings }: Contender, load: Load): AsyncGenerator<Outcome> {
  const { server, workloads } = load
  await server.start(settings)
  try {
    for (const workload of workloads) {
      const slice = { contender: name, workload: workload.name }
      if (workload.script === 'select-only') await pgbench({ ...workload, ...load, seconds: WARM_UP_SECONDS })
      try {
        const before = await server.activity()
        const result = await pgbench({ ...workload, ...load })
        const after = await server.activity()
        yield {
          ...slice,
          kind: 'measured',
          ...result,
          walBytes: after.walBytes - before.walBytes,
          checkpoints: after.checkpoints - before.checkpoints,
        }
      } catch (error) {
        const { code, message } = DroverError.from(error)
        if (code !== 'failed') throw error
        yield { ...slice, kind: 'failed', message }
      }
    }
  } finally {
    await server.stop()
  }
}

async function pgbench(run: Workload & Pick<Load, 'host' | 'seconds' | 'cores'>): Promise<PgbenchResult> {
  const { host, script, clients, seconds, cores } = run
  const [program = '', ...options] = pgbenchCommand({
    program: `${bin}/pgbench`,
    sockets: SOCKETS,
    database: DATABASE,
    script,
    clients,
    threads: cores,
    seconds,
  })
  const argv = ['runuser', '--user=postgres', '--', program, ...options]
  return parsePgbench(await host.exec(argv, { timeoutMs: (seconds + 120) * 1000 }))
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

function line(slice: Outcome): string {
  const what = `${slice.contender} ${slice.workload}:`
  return slice.kind === 'measured' ? `${what} ${slice.tps.toFixed(0)} tps` : `${what} ${slice.message}`
}
