import { DroverError } from '../../shared/domain/errors.ts'
import { type BenchHost, type OpenHost, POSTGRES_VERSION, withHost } from './bench-host.ts'
import { type Contender, type ContendersInput, contendersFor } from './contenders.ts'
import { scaleFor } from './data-size.ts'
import { type Machine, machineOf, withMemory } from './machine.ts'
import { measureSlice, type Slice } from './measure-slice.ts'
import { type Kind, workloads } from './pgbench.ts'
import { makeContent, type Server, startServer } from './server.ts'

export interface Compare extends OpenHost, Pick<ContendersInput, 'only' | 'vary'> {
  readonly rounds: number
  /** Of each slice. */
  readonly seconds: number
  /** Absent: as large as the contenders' shared buffers ask for. */
  readonly scale?: number
  /** What the contenders are told that the host has. */
  readonly memoryBytes: number
  readonly kinds: readonly Kind[]
  readonly manyClients: number
}

export interface Comparison {
  readonly machine: Machine
  readonly scale: number
  readonly databaseBytes: number
  readonly seconds: number
  readonly contenders: readonly Contender[]
  readonly slices: readonly Slice[]
}

/**
 * All contenders on one host, from the same content. They take turns of a few seconds, so that what else happens on the
 * machine meets them all alike; each round begins with another one.
 */
export function compareTunings(request: Compare): Promise<Comparison> {
  return withHost(request, host => compareOn(host, request))
}

async function compareOn(host: BenchHost, request: Compare): Promise<Comparison> {
  const { rounds, seconds, memoryBytes, kinds, manyClients, context } = request
  const reported = await host.node()
  if (reported.facts === undefined) throw new DroverError('internal', 'the host has no facts')
  const node = { ...reported, facts: withMemory(reported.facts, memoryBytes) }
  const machine = machineOf(node, POSTGRES_VERSION)
  const contenders = contendersFor({ ...request, node, postgresVersion: POSTGRES_VERSION })
  const scale = request.scale ?? scaleFor(contenders.map(({ settings }) => settings))
  context.report(`making pgbench's tables at scale ${scale}`)
  const databaseBytes = await makeContent(host.exec, scale)
  const running: { name: string; server: Server }[] = []
  for (const [index, { name, settings }] of contenders.entries())
    running.push({ name, server: await startServer({ exec: host.exec, number: index + 1, settings }) })
  const { cores } = machine
  const slices: Slice[] = []
  for (const workload of workloads({ kinds, cores, manyClients })) {
    for (let round = 1; round <= rounds; round += 1) {
      for (const { name, server } of rotated(running, round - 1)) {
        const slice = await measureSlice({ host, server, round, contender: name, workload, seconds, cores })
        slices.push(slice)
        context.report(line(slice))
      }
    }
  }
  return { machine, scale, databaseBytes, seconds, contenders, slices }
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const start = by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

function line(slice: Slice): string {
  const what = `${slice.workload}, round ${slice.round}, ${slice.contender}:`
  if (slice.kind === 'failed') return `${what} ${slice.message.split('\n').at(-1)}`
  return `${what} ${slice.tps.toFixed(0)} tps, others had ${(slice.foreignShare * 100).toFixed(0)} % of the processors`
}
