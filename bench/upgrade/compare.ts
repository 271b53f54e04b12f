import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { type MeasuredLoad, measureUnderLoad } from '../measured-load.ts'
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
export interface Measured extends MeasuredLoad {
  readonly round: number
  readonly side: Side
  /** Until all members run the version and are well. */
  readonly seconds: number
}

export interface FleetRate {
  readonly clusters: number
  readonly members: number
  readonly atOnce: number
  readonly perNode: number
  readonly seconds: number
}

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
  const { lab, packages } = fleet
  const load = { lab, url: await fleet.url(CLUSTER), run: `${side}-${round}`, clients }
  const { seen, result: seconds } = await measureUnderLoad(load, async () => {
    const since = performance.now()
    if (side === 'usual') await usualUpgrade(fleet, packages.newer)
    else await require(fleet, ['cluster', 'upgrade', CLUSTER])
    await fleet.waitUntilWell(upstream(packages.newer))
    return (performance.now() - since) / 1000
  })
  return { round, side, ...seen, seconds }
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
