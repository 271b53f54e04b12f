import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { guardByOwner } from '../../deploy/lab/owner-guard.ts'
import { startWriterLoad, writesGoOn } from '../../test/support/writer-load.ts'
import { type BenchCluster, openBenchCluster } from './bench-cluster.ts'
import { type Side, switchOver, type Told } from './side.ts'

export interface CompareRequest {
  readonly name: string
  readonly subnet: string
  readonly rounds: number
  readonly clients: number
  readonly sides: readonly Side[]
  readonly stockPatroni: boolean
  readonly context: LabContext
}

export interface Comparison {
  readonly rounds: number
  readonly clients: number
  readonly stockPatroni: boolean
  readonly switchovers: readonly Measured[]
}

/** One switchover as its clients saw it. */
export interface Measured {
  readonly round: number
  readonly side: Side
  readonly acknowledged: number
  readonly failed: number
  readonly inDoubt: number
  /** Acknowledged, and not there afterwards. */
  readonly lost: number
  /** Longest time in which no client committed. */
  readonly stallMs: number
  readonly errors: Readonly<Record<string, number>>
  /** What Drover says of its own. */
  readonly told?: Told
}

const THINK_MS = 5
const PATIENCE_MS = 30_000
/** Of writing before and after. */
const WRITES = 300

export async function compareSwitchovers(request: CompareRequest): Promise<Comparison> {
  const { rounds, clients, stockPatroni, context } = request
  const guard = guardByOwner(request.name)
  try {
    await using cluster = await openBenchCluster(request)
    const switchovers: Measured[] = []
    for (let round = 1; round <= rounds; round += 1) {
      const sides = round % 2 === 1 ? request.sides : request.sides.toReversed()
      for (const side of sides) {
        const measured = await measure(cluster, { round, side, clients })
        switchovers.push(measured)
        context.report(line(measured))
      }
    }
    return { rounds, clients, stockPatroni, switchovers }
  } finally {
    guard.release()
  }
}

async function measure(
  cluster: BenchCluster,
  { round, side, clients }: { readonly round: number; readonly side: Side; readonly clients: number },
): Promise<Measured> {
  const before = await cluster.waitUntilWell()
  const { url } = cluster
  const load = { url, run: `${side}-${round}`, clients, thinkMs: THINK_MS, patienceMs: PATIENCE_MS }
  await using writers = await startWriterLoad(cluster.lab, load)
  await writesGoOn(writers, WRITES, PATIENCE_MS)
  const told = await switchOver(side, cluster, before)
  await writesGoOn(writers, WRITES, PATIENCE_MS * 2)
  const { acknowledged, failed, inDoubt, longestStallMs, errors } = await writers.stop()
  const { lost } = await writers.verify(url)
  return {
    round,
    side,
    acknowledged,
    failed,
    inDoubt,
    lost: lost.length,
    stallMs: Math.round(longestStallMs),
    errors,
    ...(told === undefined ? {} : { told: { stallMs: told.stallMs, stall: told.stall } }),
  }
}

function line({ round, side, failed, inDoubt, lost, stallMs }: Measured): string {
  return `round ${round}, ${side}: ${failed} failed, ${inDoubt} in doubt, ${lost} lost, stall ${stallMs} ms`
}
