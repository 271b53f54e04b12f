import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { labFleetPaths } from '../../deploy/quickstart/lab-fleet-paths.ts'
import { firstApply } from '../support/first-apply.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { forgetRebuilt, rebuiltDeb } from '../support/rebuilt-deb.ts'
import { type LoadReport, startWriterLoad, writesGoOn } from '../support/writer-load.ts'

const NAME = 'components'
const NODES = ['node-1', 'node-2', 'node-3']
const PACKAGES = ['haproxy', 'etcd-server', 'etcd-client', 'patroni', 'pgbouncer']
const SUFFIXES = ['next1', 'broken1']
let fleet: TestFleet
/** Of each package, the version that was made of it. */
let next: Readonly<Record<string, string>>
let broken: string

/** Members of both on the same hosts. */
const SPEC = `version: 1
fleet: { name: ${NAME}, clientNetworks: [10.10.0.0/16] }
etcd: { members: 3 }
clusters:
  - name: pg-main
    members: 3
    durability: sync
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
  - name: pg-two
    members: 2
    durability: async
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]
`

beforeAll(async () => {
  fleet = await startFleet({ name: NAME, subnet: '10.10.112.0/24', hosts: 3 })
  const { packages } = labFleetPaths(NAME, fleet.context)
  const pool = join(packages, 'public/debian13/pool')
  await forgetRebuilt(pool, PACKAGES, SUFFIXES)
  await firstApply(fleet, SPEC)
  const made: Record<string, string> = {}
  const files: string[] = []
  for (const name of PACKAGES) {
    const { path, version } = await rebuiltDeb(pool, name, { suffix: 'next1' })
    made[name] = version
    files.push(path)
  }
  const bad = await rebuiltDeb(pool, 'haproxy', { suffix: 'broken1', broken: 'usr/sbin/haproxy' })
  const added = await fleet.drover('packages', 'add', '--os', 'debian13', '--', ...files, bad.path)
  expect(added.code, added.stderr).toBe(0)
  next = made
  broken = bad.version
})
afterAll(async () => {
  await fleet?.down()
})

describe('an upgrade of what runs beside PostgreSQL', () => {
  it('says beforehand which package goes from what to what', async () => {
    const plan = ['upgrade', 'components', '--dry-run', ...to('haproxy', 'etcd-server')] as const
    const { turns, waves } = await fleet.json<Plan>(...plan)
    for (const component of ['haproxy', 'etcd'])
      expect(
        waves.filter(wave => wave.component === component).map(({ name, clusters }) => `${name}: ${clusters.length}`),
      ).toEqual(['canary', 'wave 1 of 2', 'wave 2 of 2'].map(wave => `${component}: ${wave}: 1`))
    expect(
      turns
        .filter(({ component }) => component === 'haproxy')
        .map(({ node }) => node)
        .toSorted(),
    ).toEqual(NODES)
    expect(turns.find(({ component }) => component === 'etcd')?.packages.map(({ to: version }) => version)).toEqual([
      next['etcd-server'],
      next['etcd-client'],
    ])
  })

  it('gives the first host back what it had when a program does not start, and begins no other', async () => {
    const { report, answer } = await underLoad('broken', 'pg-main', () =>
      fleet.drover(
        'upgrade',
        'components',
        '--component',
        'haproxy',
        '--to',
        `haproxy=${broken}`,
        '--canary',
        'node-3',
      ),
    )
    console.log('a HAProxy that does not start:', answer.stderr, JSON.stringify(report))
    expect(answer).toMatchObject({ code: 3 })
    expect(answer.stderr).toContain('it runs again what it ran before')
    expect(report).toMatchObject({ failed: 0, inDoubt: 0 })
    for (const node of NODES) expect(await installedOn(node, 'haproxy')).not.toBe(broken)
    const { clusters } = await fleet.json<Report>('upgrade', 'report')
    expect(clusters.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'node-3 failed',
      expect.stringMatching(/waiting$/),
      expect.stringMatching(/waiting$/),
    ])
    await healthy()
  })

  for (const component of ['haproxy', 'etcd', 'patroni'] as const)
    it(`takes ${component} to another version on every host under a writing load, and fails no transaction`, async () => {
      const main = component === 'etcd' ? 'etcd-server' : component
      const started = await startedAt()
      const { report, answer } = await underLoad(component, 'pg-main', () =>
        fleet.drover('upgrade', 'components', '--component', component, ...to(main), ...SOAK, '--json'),
      )
      console.log(`${component}:`, answer.stdout, JSON.stringify(report))
      const { of, clusters } = await fleet.json<Report>('upgrade', 'report')
      expect(of).toBe('components')
      expect(clusters.map(host => `${host.component} ${host.state} ${host.version}`)).toEqual(
        NODES.map(() => `${component} upgraded ${next[main]}`),
      )
      expect(answer.code, answer.stderr).toBe(0)
      expect(report).toMatchObject({ failed: 0, inDoubt: 0 })
      for (const node of NODES) {
        expect(await installedOn(node, main)).toBe(next[main])
        expect(await staleOn(node)).toBe('')
      }
      await healthy()
      const anew = (await startedAt()).filter(server => !started.includes(server))
      // No server of PostgreSQL has started anew but the two primaries that have handed over.
      expect(anew).toHaveLength(component === 'patroni' ? 2 : 0)
    })

  it('takes PgBouncer to another version: who does not leave in time is disconnected between transactions', async () => {
    const { report, answer } = await underLoad('pgbouncer', 'pg-main', () =>
      fleet.drover(
        ...([
          'upgrade',
          'components',
          '--component',
          'pgbouncer',
          ...to('pgbouncer'),
          '--drain',
          '5s',
          ...SOAK,
        ] as const),
        '--json',
      ),
    )
    console.log('pgbouncer:', answer.stdout, JSON.stringify(report))
    expect(answer.code, answer.stderr).toBe(0)
    expect(report.inDoubt).toBe(0)
    const { changes } = JSON.parse(answer.stdout) as { changes: readonly { disconnected?: number }[] }
    const disconnected = changes.reduce((sum, change) => sum + (change.disconnected ?? 0), 0)
    expect(report.failed).toBeLessThanOrEqual(disconnected)
    for (const node of NODES) expect(await installedOn(node, 'pgbouncer')).toBe(next['pgbouncer'])
    await healthy()
  })

  it('leaves nothing to do, and a plan that agrees with what is there', async () => {
    const again = await fleet.json<{ changes: unknown[] }>(
      ...(['upgrade', 'components', ...to('haproxy', 'etcd-server', 'patroni', 'pgbouncer')] as const),
    )
    expect(again.changes).toEqual([])
    const file = join(labFleetPaths(NAME, fleet.context).directory, 'fleet.yml')
    const { changes } = await fleet.json<{ changes: unknown[] }>('plan', '-f', file)
    expect(changes).toEqual([])
  })

  it('begins no further host in a pause, goes on with other caps, and is watched to its end', async () => {
    const former = (next['haproxy'] ?? '').replace(/\+next1$/, '')
    const asked = ['upgrade', 'components', '--component', 'haproxy', '--to', `haproxy=${former}`] as const
    expect((await fleet.drover(...asked, ...SOAK, '--detach')).code).toBe(0)
    const paused = await fleet.drover('upgrade', 'pause')
    expect(paused.stdout, paused.stderr).toContain('the upgrade is paused')
    await calm()
    const held = (await fleet.json<Report>('upgrade', 'report')).clusters
    expect(held.filter(({ state }) => state === 'upgraded').length).toBeLessThanOrEqual(1)
    const { stdout } = await fleet.drover('upgrade', 'status')
    expect(stdout).toMatch(/hosts: .*waiting/)
    expect((await fleet.drover('upgrade', 'resume', '--at-once', '2')).stdout).toContain('goes on; at once: 2')
    expect((await fleet.drover('upgrade', 'status', '--watch')).code).toBe(0)
    const { state, clusters } = await fleet.json<Report>('upgrade', 'report')
    expect(state).toBe('done')
    expect(clusters.map(host => host.version)).toEqual(NODES.map(() => former))
    await healthy()
  })
})

/** Long enough for a wave to be watched. */
const SOAK = ['--soak', '8s'] as const

interface Report {
  readonly of: string
  readonly state: string
  readonly clusters: readonly {
    readonly name: string
    readonly component: string
    readonly state: string
    readonly version: string
  }[]
}

interface Plan {
  readonly waves: readonly { readonly name: string; readonly component: string; readonly clusters: readonly string[] }[]
  readonly turns: readonly {
    readonly node: string
    readonly component: string
    readonly packages: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  }[]
}

function to(...packages: readonly string[]): readonly string[] {
  return packages.flatMap(name => ['--to', `${name.replace(/-server$/, '')}=${next[name] ?? ''}`])
}

async function healthy(): Promise<void> {
  for (const cluster of ['pg-main', 'pg-two']) await fleet.waitForHealthy(cluster, 180_000)
}

/** Until nothing of an upgrade that is paused is under way or watched, and then a little longer. */
async function calm(): Promise<void> {
  let since = Date.now()
  let seen = ''
  await waitUntil({
    what: 'a paused upgrade to begin nothing more',
    timeoutMs: 120_000,
    intervalMs: 1_000,
    check: async () => {
      const { clusters } = await fleet.json<Report>('upgrade', 'report')
      const now = clusters.map(({ name, state }) => `${name} ${state}`).join()
      if (now !== seen || now === '' || now.includes('running')) since = Date.now()
      seen = now
      return Date.now() - since > 15_000
    },
    explain: async () => seen,
  })
}

async function underLoad<Answer>(
  run: string,
  cluster: string,
  work: () => Promise<Answer>,
): Promise<{ readonly report: LoadReport; readonly answer: Answer }> {
  const url = await fleet.url(cluster)
  await using load = await startWriterLoad(fleet.lab, { url, run, clients: 4, patienceMs: 30_000 })
  await writesGoOn(load, 50)
  const answer = await work()
  await writesGoOn(load, 50, 60_000)
  const report = await load.stop()
  expect(await load.verify(url)).toMatchObject({ lost: [] })
  return { report, answer }
}

async function installedOn(node: string, name: string): Promise<string> {
  const argv = ['dpkg-query', '--show', '--showformat=${Version}', name]
  return (await fleet.lab.exec(node, argv)).stdout.trim()
}

/** Programs of Drover's units that run from files that are no more; a HAProxy that still has sessions may. */
async function staleOn(node: string): Promise<string> {
  const script = `for unit in $(systemctl list-units --plain --no-legend --state=active 'drover-*' | cut -d' ' -f1); do
  pid=$(systemctl show --property=MainPID --value "$unit")
  [ "$pid" -gt 0 ] || continue
  case $(readlink "/proc/$pid/exe") in *deleted*) echo "$unit";; esac
done`
  let stale = ''
  await waitUntil({
    what: `nothing of ${node} to run from files that are no more`,
    timeoutMs: 10_000,
    intervalMs: 500,
    check: async () => (stale = (await fleet.lab.exec(node, ['sh', '-c', script])).stdout.trim()) === '',
    explain: async () => stale,
  })
  return stale
}

/** Of every PostgreSQL of the fleet, in its words: process and time. */
async function startedAt(): Promise<readonly string[]> {
  const script =
    "for f in /var/lib/drover/pg/*/data/postmaster.pid; do [ -e $f ] && sed -n '1p;3p' $f | paste -sd ' '; done; true"
  const found = await Promise.all(
    NODES.map(async node => (await fleet.lab.exec(node, ['sh', '-c', script])).stdout.trim().split('\n')),
  )
  return found.flatMap((servers, index) => servers.map(server => `${NODES[index]}: ${server}`))
}
