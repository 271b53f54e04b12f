import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { startWriterLoad, writesGoOn } from '../../test/support/writer-load.ts'
import { type BenchFleet, back, CLUSTER, openBenchFleet, require } from './bench-fleet.ts'
import { upstream, usualUpgrade, usualWayBack } from './usual-way.ts'

export const SIDES = ['usual', 'drover'] as const
export type Side = (typeof SIDES)[number]

export interface CompareRequest {
  readonly name: string
  readonly subnet: string
  readonly rounds: number
  readonly clients: number
  /** Clusters of one member beside the one that is compared, for the rate of a fleet. */
  readonly small: number
  readonly atOnce: number
  readonly perNode: number
  readonly context: LabContext
}

export interface Comparison {
  readonly rounds: number
  readonly clients: number
  readonly from: string
  readonly to: string
  readonly upgrades: readonly Measured[]
  readonly fleet: FleetRate
}

/** One upgrade as its clients saw it. */
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
  readonly seconds: number
  readonly errors: Readonly<Record<string, number>>
}

export interface FleetRate {
  readonly clusters: number
  readonly members: number
  readonly atOnce: number
  readonly perNode: number
  readonly seconds: number
}

const THINK_MS = 5
const PATIENCE_MS = 30_000
/** Of writing before and after. */
const WRITES = 300

export async function compareUpgrades(request: CompareRequest): Promise<Comparison> {
  const { rounds, clients, context } = request
  const fleet = await openBenchFleet(request)
  try {
    const { older, newer } = fleet.packages
    const upgrades: Measured[] = []
    for (let round = 1; round <= rounds; round += 1)
      for (const side of round % 2 === 1 ? SIDES : SIDES.toReversed()) {
        const measured = await measure(fleet, { round, side, clients })
        upgrades.push(measured)
        context.report(line(measured))
        await (side === 'usual' ? usualWayBack(fleet, older) : back(fleet))
      }
    const rate = await fleetRate(fleet, request)
    return { rounds, clients, from: upstream(older), to: upstream(newer), upgrades, fleet: rate }
  } finally {
    await fleet.down()
  }
}

async function measure(
  fleet: BenchFleet,
  { round, side, clients }: { readonly round: number; readonly side: Side; readonly clients: number },
): Promise<Measured> {
  await fleet.waitUntilWell()
  const { newer } = fleet.packages
  const url = await fleet.url(CLUSTER)
  const load = { url, run: `${side}-${round}`, clients, thinkMs: THINK_MS, patienceMs: PATIENCE_MS }
  await using writers = await startWriterLoad(fleet.lab, load)
  await writesGoOn(writers, WRITES, PATIENCE_MS)
  const since = performance.now()
  if (side === 'usual') await usualUpgrade(fleet, newer)
  else await require(fleet, ['cluster', 'upgrade', CLUSTER])
  await fleet.waitUntilWell(upstream(newer))
  const seconds = (performance.now() - since) / 1000
  await writesGoOn(writers, WRITES, PATIENCE_MS * 2)
  const { acknowledged, failed, inDoubt, longestStallMs, errors } = await writers.stop()
  const { lost } = await writers.verify(url)
  const stallMs = Math.round(longestStallMs)
  return { round, side, acknowledged, failed, inDoubt, lost: lost.length, stallMs, seconds, errors }
}

/** All clusters of the fleet under these caps, without a pause between waves. */
async function fleetRate(
  fleet: BenchFleet,
  { atOnce, perNode }: Pick<CompareRequest, 'atOnce' | 'perNode'>,
): Promise<FleetRate> {
  const { clusters } = await fleet.status()
  const members = clusters.reduce((sum, cluster) => sum + cluster.members.length, 0)
  const since = performance.now()
  const caps = ['--at-once', String(atOnce), '--per-node', String(perNode)]
  await require(fleet, ['upgrade', 'start', '--soak', '0', ...caps])
  return { clusters: clusters.length, members, atOnce, perNode, seconds: (performance.now() - since) / 1000 }
}

function line({ round, side, failed, inDoubt, lost, stallMs, seconds }: Measured): string {
  return `round ${round}, ${side}: ${failed} failed, ${inDoubt} in doubt, ${lost} lost, stall ${stallMs} ms, ${seconds.toFixed(0)} s`
}
