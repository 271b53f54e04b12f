import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Roles } from '../support/cluster-roles.ts'
import { FAULT_CLUSTER, type FaultRounds, killPostgres, killUnit, startFaultRounds } from '../support/fault-rounds.ts'
import { type RunningDrover, startDrover } from '../support/start-drover.ts'

/** Whatever takes part in a switchover is killed in the middle of it, on real hosts under a writing load. */
let rounds: FaultRounds

beforeAll(async () => {
  rounds = await startFaultRounds({ name: 'hq', subnet: '10.10.70.0/24' })
})
afterAll(() => rounds?.down())

const patroni = ({ name }: { readonly name: string }): string => `drover-patroni@${name}`
/** Answers when Patroni has been told. */
async function handOver({ synchronous }: Roles): Promise<RunningDrover> {
  const command = startDrover(rounds.fleet, ['cluster', 'switchover', FAULT_CLUSTER, '--to', synchronous.name])
  await command.says(line => /running .*Patroni hands over/.test(line))
  return command
}

const pooler = ({ name }: { readonly name: string }): string => `drover-pgbouncer-rw@${name}`

describe('a process that is killed with -9 in the middle of a switchover', () => {
  const victims: readonly [string, (roles: Roles) => Promise<void>][] = [
    ['PostgreSQL of the primary', ({ primary }) => killPostgres(rounds.fleet, primary)],
    ['PostgreSQL of the candidate', ({ synchronous }) => killPostgres(rounds.fleet, synchronous)],
    ['Patroni of the primary', ({ primary }) => killUnit(rounds.fleet, primary, patroni(primary))],
    ['Patroni of the candidate', ({ synchronous }) => killUnit(rounds.fleet, synchronous, patroni(synchronous))],
    ['PgBouncer of the primary', ({ primary }) => killUnit(rounds.fleet, primary, pooler(primary))],
    [
      'HAProxy of the primary’s host',
      ({ primary }) => killUnit(rounds.fleet, primary, `drover-haproxy@${FAULT_CLUSTER}`),
    ],
    ['etcd of the primary’s host', ({ primary }) => killUnit(rounds.fleet, primary, 'drover-etcd')],
  ]
  it.each(victims)('%s', async (what, murder) => {
    await rounds.round({
      what: `kill -9 ${what} in a switchover`,
      fault: async roles => {
        const command = await handOver(roles)
        await murder(roles)
        const code = await command.ended()
        console.log(`${what}: exit code ${code};`, command.said().split('\n').slice(-4).join(' / '))
        expect([0, 3]).toContain(code)
      },
    })
  })
})

describe('a host that loses power in the middle of a switchover', () => {
  const hosts: readonly [string, keyof Roles][] = [
    ['the primary’s', 'primary'],
    ['the candidate’s', 'synchronous'],
  ]
  it.each(hosts)('%s', async (what, whose) => {
    let ended: Promise<number | null> = Promise.resolve(null)
    await rounds.round({
      what: `power-off of ${what} host in a switchover`,
      fault: async roles => {
        const command = await handOver(roles)
        await rounds.fleet.lab.powerOff([roles[whose].node])
        // It may wait for the host; clients must not.
        ended = command.ended()
      },
    })
    expect([0, 3]).toContain(await ended)
  })
})
