import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  FAULT_CLUSTER,
  FAULT_NODES,
  type FaultRounds,
  killPostgres,
  killUnit,
  shell,
  startFaultRounds,
} from '../support/fault-rounds.ts'
import { nodeOf } from '../support/fleet-status.ts'
import { startDrover } from '../support/start-drover.ts'

/** Everything that can die, hang, fill up or be cut off, one after the other, on real hosts under a writing load. */
let rounds: FaultRounds

beforeAll(async () => {
  rounds = await startFaultRounds({ name: 'hq', subnet: '10.10.70.0/24' })
})
afterAll(() => rounds?.down())

describe('a process of the primary’s host that is killed with -9', () => {
  it('PostgreSQL', () =>
    rounds.round({
      what: 'kill -9 PostgreSQL of the primary',
      fault: ({ primary }) => killPostgres(rounds.fleet, primary),
    }))
  it('Patroni', () =>
    rounds.round({
      what: 'kill -9 Patroni of the primary',
      fault: ({ primary }) => killUnit(rounds.fleet, primary, `drover-patroni@${primary.name}`),
      role: 'stays',
    }))
  it('PgBouncer', () =>
    rounds.round({
      what: 'kill -9 PgBouncer of the primary',
      fault: ({ primary }) => killUnit(rounds.fleet, primary, `drover-pgbouncer-rw@${primary.name}`),
      role: 'stays',
    }))
  it('HAProxy', () =>
    rounds.round({
      what: 'kill -9 HAProxy of the primary’s host',
      fault: ({ primary }) => killUnit(rounds.fleet, primary, `drover-haproxy@${FAULT_CLUSTER}`),
      role: 'stays',
    }))
  it('etcd, on one host after the other', () =>
    rounds.round({
      what: 'kill -9 etcd on all hosts, one after the other',
      fault: async () => {
        for (const node of FAULT_NODES) {
          await killUnit(rounds.fleet, { node }, 'drover-etcd')
          await delay(3_000)
        }
      },
    }))
  it('all of etcd at once', () =>
    rounds.round({
      what: 'kill -9 etcd on all hosts at once',
      fault: () => Promise.all(FAULT_NODES.map(node => killUnit(rounds.fleet, { node }, 'drover-etcd'))),
    }))
})

describe('a network', () => {
  it('that cuts off the primary from the other hosts, while clients still reach it', () =>
    rounds.round({
      what: 'the primary cut off from the other members, clients still reach it',
      fault: ({ primary }) =>
        rounds.fleet.lab.partition({ side: [primary.node], from: FAULT_NODES.filter(node => node !== primary.node) }),
      role: 'moves',
    }))
  it('that cuts off the synchronous standby from everything', () =>
    rounds.round({
      what: 'the synchronous standby cut off',
      fault: ({ synchronous }) => rounds.fleet.lab.partition({ side: [synchronous.node] }),
      role: 'stays',
    }))
  it('that cuts off the orchestrator from all agents, in the middle of a switchover', async () => {
    let ended: Promise<number | null> = Promise.resolve(null)
    await rounds.round({
      what: 'the orchestrator cut off in a switchover',
      fault: async ({ synchronous }) => {
        const command = startDrover(rounds.fleet, ['cluster', 'switchover', FAULT_CLUSTER, '--to', synchronous.name])
        await command.says(line => /running .*Patroni hands over/.test(line))
        await packetFilter(CUT)
        ended = command.ended()
      },
      mend: () => packetFilter(UNCUT),
    })
    expect([0, 3]).toContain(await ended)
  })
  it('that is slow: 2 Mbit/s at the primary', () =>
    rounds.round({
      what: 'the primary behind 2 Mbit/s for 15 s',
      fault: async ({ primary }) => {
        const onLink = (change: string) => shell(rounds.fleet, primary.node, `tc qdisc ${change}`)
        await onLink('add dev host0 root tbf rate 2mbit burst 32kbit latency 400ms')
        await delay(15_000)
        await onLink('del dev host0 root')
      },
      role: 'stays',
    }))
})

describe('a host that loses power', () => {
  it('a synchronous standby’s', () =>
    rounds.round({
      what: 'power-off of the synchronous standby',
      fault: ({ synchronous }) => rounds.fleet.lab.powerOff([synchronous.node]),
      role: 'stays',
    }))
  it('the primary’s', () =>
    rounds.round({
      what: 'power-off of the primary',
      fault: ({ primary }) => rounds.fleet.lab.powerOff([primary.node]),
      role: 'moves',
    }))
})

describe('an orchestrator', () => {
  it('that is killed is not noticed', () =>
    rounds.round({
      what: 'kill -9 the orchestrator',
      fault: () => rounds.fleet.killOrchestrator(),
      role: 'stays',
    }))
})

describe('a Patroni that hangs', () => {
  it('keeps no second primary', () =>
    rounds.round({
      what: 'Patroni of the primary frozen for 60 s',
      fault: async ({ primary }) => {
        const signal = (name: string) =>
          shell(
            rounds.fleet,
            primary.node,
            `systemctl kill --kill-whom=main --signal=${name} drover-patroni@${primary.name}`,
          )
        await signal('STOP')
        await delay(60_000)
        await signal('CONT')
      },
    }))
})

describe('a disk that is full', () => {
  it('of the primary’s WAL', async () => {
    const { fleet } = rounds
    const before = await fleet.waitForHealthy(FAULT_CLUSTER, 180_000)
    // A small disk of its own for the WAL of whoever may become the primary, one after the other.
    for (const { name, node } of before.members.filter(member => member.name !== before.primary)) {
      const wal = walOf(name)
      await shell(
        fleet,
        node,
        `systemctl stop drover-patroni@${name} && cp -a ${wal} ${wal}.kept && mount -t tmpfs -o size=600m,mode=700,uid=$(id -u postgres),gid=$(id -g postgres) tmpfs ${wal} && cp -a ${wal}.kept/. ${wal}/ && rm -r ${wal}.kept && systemctl start drover-patroni@${name}`,
      )
      await fleet.waitForHealthy(FAULT_CLUSTER, 180_000)
    }
    const switched = await fleet.drover('cluster', 'switchover', FAULT_CLUSTER)
    expect(switched.code, switched.stderr).toBe(0)
    const after = await fleet.waitForHealthy(FAULT_CLUSTER)
    const name = after.primary
    const node = nodeOf(after, name)
    const filler = `${walOf(name)}/filler`
    const psql = `runuser -u postgres -- psql -XAtq -h /run/drover-pg/${name}`
    await rounds.round({
      what: 'the disk of the primary’s WAL full',
      fault: async () => {
        await shell(fleet, node, `dd if=/dev/zero of=${filler} bs=1M status=none || true`)
        // There are files that were made before: it has to come to one that is not.
        await shell(
          fleet,
          node,
          `for i in $(seq 60); do ${psql} -c 'select pg_switch_wal()' || exit 0; sleep 0.2; done; exit 1`,
        )
      },
      mend: () => shell(fleet, node, `rm -f ${filler}`),
      role: 'moves',
    })
  })
})

function walOf(instance: string): string {
  return `/var/lib/drover/pg/${instance}/data/pg_wal`
}

/** Only what agents say to the orchestrator is lost: the clients of these tests have the same address as it. */
const CUT = `table inet faults
delete table inet faults
table inet faults {
  chain input { type filter hook input priority 0; policy accept; tcp dport 7440-7443 drop; }
}
`
const UNCUT = 'table inet faults\ndelete table inet faults\n'

async function packetFilter(input: string): Promise<void> {
  await rounds.fleet.lab.inNamespace(['nft', '-f', '-'], { input })
}
