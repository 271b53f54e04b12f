import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { guardByOwner } from '../../deploy/lab/owner-guard.ts'
import { endLabFleet } from '../../deploy/quickstart/lab-fleet.ts'
import { ending } from '../ending.ts'
import { type MeasuredLoad, measureUnderLoad } from '../measured-load.ts'
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
export interface Measured extends MeasuredLoad {
  readonly round: number
  readonly side: Side
  /** What Drover says of its own. */
  readonly told?: Told
}

export async function compareSwitchovers(request: CompareRequest): Promise<Comparison> {
  const { rounds, clients, stockPatroni, context } = request
  const guard = guardByOwner(request.name)
  try {
    const cluster = await openBenchCluster(request)
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
    await endLabFleet(request.name, ending(context))
    guard.release()
  }
}

async function measure(
  cluster: BenchCluster,
  { round, side, clients }: { readonly round: number; readonly side: Side; readonly clients: number },
): Promise<Measured> {
  const before = await cluster.waitUntilWell()
  const { lab, url } = cluster
  const load = { lab, url, run: `${side}-${round}`, clients }
  const { seen, result: told } = await measureUnderLoad(load, () => switchOver(side, cluster, before))
  return {
    round,
    side,
    ...seen,
    ...(told === undefined ? {} : { told: { stallMs: told.stallMs, stall: told.stall } }),
  }
}

function line({ round, side, failed, inDoubt, lost, stallMs }: Measured): string {
  return `round ${round}, ${side}: ${failed} failed, ${inDoubt} in doubt, ${lost} lost, stall ${stallMs} ms`
}
