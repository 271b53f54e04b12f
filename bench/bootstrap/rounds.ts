import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabContext } from '../../deploy/lab/lab-context.ts'
import { guardByOwner } from '../../deploy/lab/owner-guard.ts'
import { endLabFleet } from '../../deploy/quickstart/lab-fleet.ts'
import { openSqlClient } from '../../test/support/sql-client.ts'
import { ending } from '../ending.ts'
import type { BenchHosts } from './bench-hosts.ts'
import { openHosts } from './hosts.ts'
import type { Measured } from './measure.ts'
import { prepareRival, runRival, wipe } from './rival.ts'

export type Side = 'rival' | 'drover'
/** The sides in the order in which they ran. */
export type Round = readonly (Measured & { readonly side: Side })[]

export interface Rounds {
  readonly name: string
  readonly subnet: string
  readonly rounds: number
  readonly sides: readonly Side[]
  /** The rival starts Patroni as Debian ships it, without the shorter waits that Drover gives it. */
  readonly stockPatroni: boolean
  readonly specFile: string
  readonly context: LabContext
}

/** Each round has fresh hosts; both sides run on them, one after the other, taking turns at being first. */
export async function runRounds(request: Rounds): Promise<readonly Round[]> {
  const rounds: Round[] = []
  for (let number = 1; number <= request.rounds; number += 1) {
    const sides = number % 2 === 1 ? request.sides : request.sides.toReversed()
    rounds.push(await runRound({ ...request, sides }, number))
  }
  return rounds
}

async function runRound(request: Rounds, number: number): Promise<Round> {
  const { name, sides, context } = request
  const guard = guardByOwner(name)
  const directory = await mkdtemp(join(tmpdir(), 'drover-bench-'))
  try {
    const hosts = await openHosts({ ...request, withDrover: sides.includes('drover') })
    const measured: (Measured & { side: Side })[] = []
    for (const [index, side] of sides.entries()) {
      const result = await runSide(side, { hosts, directory, request })
      context.report(`round ${number}: ${side} healthy after ${result.healthy.toFixed(2)} s`)
      measured.push({ side, ...result })
      if (index < sides.length - 1) await wipe(hosts.lab, side)
    }
    return measured
  } finally {
    // Also when the hosts did not come up. What there is not of a fleet is not missed.
    await endLabFleet(name, ending(context))
    await rm(directory, { recursive: true, force: true })
    guard.release()
  }
}

interface SideInput {
  readonly hosts: BenchHosts
  readonly directory: string
  readonly request: Rounds
}

async function runSide(side: Side, { hosts, directory, request }: SideInput): Promise<Measured> {
  const { context, stockPatroni } = request
  await using sql = await openSqlClient(hosts.lab)
  if (side === 'drover') return await hosts.apply(sql)
  const bench = {
    lab: hosts.lab,
    directory,
    stockPatroni,
    sql,
    run: context.run,
    report: context.report,
    signal: context.signal,
  }
  await prepareRival(bench)
  return await runRival(bench)
}
