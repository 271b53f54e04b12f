import type { SwitchoverOutput } from '../../orchestrator/operation/kinds/switchover/switchover.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { ClusterStatus } from '../../test/support/fleet-status.ts'
import { nodeOf } from '../../test/support/fleet-status.ts'
import type { BenchCluster } from './bench-cluster.ts'

export const SIDES = ['patronictl', 'drover'] as const
export type Side = (typeof SIDES)[number]

/** What a switchover says of itself; the load has its own opinion. */
export type Told = Pick<SwitchoverOutput, 'stallMs' | 'stall'>

/** Hands over from the primary to the synchronous standby and returns when that is done. */
export async function switchOver(side: Side, fleet: BenchCluster, before: ClusterStatus): Promise<Told | undefined> {
  const candidate = before.members.find(({ role }) => role === 'sync-standby')?.name
  if (candidate === undefined) throw new DroverError('failed', `${before.name} has no synchronous standby`)
  if (side === 'drover') {
    const args = ['cluster', 'switchover', before.name, '--to', candidate, '--json']
    return JSON.parse(await fleet.drover.require(args)) as Told
  }
  const { primary } = before
  const config = `/etc/drover/patroni/${primary}/patroni.yml`
  const options = ['--leader', primary, '--candidate', candidate, '--force']
  await fleet.lab.exec(nodeOf(before, primary), ['patronictl', '-c', config, 'switchover', before.name, ...options])
  return undefined
}
