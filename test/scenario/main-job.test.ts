import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitUntil } from '../../deploy/lab/wait-until.ts'
import { agentLayer } from '../../deploy/quickstart/agent-layer.ts'
import { agentState, killAgent, reviveAgent } from '../support/agent-control.ts'
import { doorsOf, doorUrl } from '../support/data-path.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { type NodeStatus, nodeOf } from '../support/fleet-status.ts'
import { interruptApply } from '../support/interrupt-apply.ts'
import { startWriterLoad, writesGoOn } from '../support/writer-load.ts'

/**
 * The main job on real hosts, told as one story on one fleet: each part starts from what the part before has left. A
 * part that fails ends the story, because what follows would prove nothing.
 */
const quickstartFile = 'deploy/examples/quickstart.yml'
const nodes = ['node-1', 'node-2', 'node-3']

let fleet: TestFleet

beforeAll(async () => {
  fleet = await startFleet({ name: 'scenario', subnet: '10.10.20.0/24', hosts: nodes.length, fleetName: 'quickstart' })
})
afterAll(() => fleet?.down())

/** The quickstart's cluster, and a second one on two of the same hosts. */
async function twoClusters(): Promise<string> {
  return `${await readFile(quickstartFile, 'utf8')}
  - name: pg-dev
    members: 2
    workload: tiny
    durability: sync
    users:
      - name: dev
    databases:
      - name: dev
        owner: dev
`
}

async function operations(): Promise<readonly { readonly operationId: string; readonly state: string }[]> {
  return (await fleet.json<{ operations: { operationId: string; state: string }[] }>('operation', 'list')).operations
}

describe('hosts that boot with a join token', () => {
  it('enrol by themselves and report their hardware', async () => {
    expect((await fleet.status()).nodes).toEqual(
      nodes.map(name =>
        expect.objectContaining({
          name,
          id: expect.any(String),
          state: 'ready',
          address: fleet.address(name),
          agentVersion: expect.stringMatching(/^\d+\.\d+/),
          hardware: expect.objectContaining({
            cores: expect.any(Number),
            memoryBytes: expect.any(Number),
            disks: expect.arrayContaining([
              expect.objectContaining({ name: expect.any(String), kind: expect.any(String) }),
            ]),
          }),
        }),
      ),
    )
  })

  it('no longer have the token', async () => {
    for (const node of nodes) expect((await fleet.lab.exec(node, ['ls', '/etc/drover'])).stdout).not.toContain('token')
  })
})

describe('a spec that cannot be', () => {
  it('is refused with every problem, its line and exit code 2, and changes nothing', async () => {
    const file = await fleet.writeSpec(
      'version: 1\nfleet: {name: bad}\netcd: {members: 2}\nclusters:\n  - name: pg-main\n    members: many\n    colour: red\n  - name: pg-main\n',
    )
    const answer = await fleet.drover('apply', '-f', file)
    expect(answer).toMatchObject({ code: 2, stdout: '' })
    for (const place of [
      'line 3, etcd.members',
      'line 6, clusters[0].members',
      'line 7, clusters[0].colour',
      'line 8, clusters[1].name',
    ])
      expect(answer.stderr).toContain(place)
    expect(await operations()).toEqual([])
  })

  it('is refused when no package source has what it needs', async () => {
    const file = await fleet.writeSpec(
      (await readFile(quickstartFile, 'utf8')).replace('    members: 3', '    postgresVersion: 16\n    members: 3'),
    )
    const answer = await fleet.drover('apply', '-f', file)
    expect(answer.code).toBe(2)
    expect(answer.stderr).toContain('postgresql-16')
    expect(await operations()).toEqual([])
  })

  it('is refused when it asks for more members than there are hosts', async () => {
    const file = await fleet.writeSpec(
      (await readFile(quickstartFile, 'utf8')).replace('members: 3          #', 'members: 5          #'),
    )
    const answer = await fleet.drover('plan', '-f', file)
    expect(answer.code).toBe(2)
    expect(answer.stderr).toMatch(/cluster pg-main needs 5 .*finds 3 of 3 nodes/)
  })

  it('is refused when the file cannot be read', async () => {
    const answer = await fleet.drover('apply', '-f', 'absent.yml')
    expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining('absent.yml') })
  })
})

describe('the quickstart spec', () => {
  it('is explained before it is applied', async () => {
    const answer = await fleet.drover('plan', '-f', quickstartFile, '--json', '--exit-code')
    expect(answer.code).toBe(10)
    const plan = JSON.parse(answer.stdout) as {
      planId: string
      changes: { verb: string; reason: string }[]
      problems: { severity: string }[]
    }
    expect(plan).toMatchObject({ planId: expect.stringMatching(/./), baseRevision: expect.any(Number) })
    // Warnings are this machine's own: a disk that is nearly full.
    expect(plan.problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(plan.changes.length).toBeGreaterThan(0)
    for (const change of plan.changes)
      expect(change).toMatchObject({ verb: expect.stringMatching(/./), reason: expect.stringMatching(/./) })
  })

  it('becomes a cluster of three members, one of them synchronous', async () => {
    await lateEtcd('node-3')
    await applies(quickstartFile)
    const cluster = await fleet.waitForHealthy('pg-main', 30_000)
    expect(cluster.members.map(({ role }) => role).sort()).toEqual(['primary', 'replica', 'sync-standby'])
    expect(new Set(cluster.members.map(({ node }) => node))).toEqual(new Set(nodes))
  })

  it('is shown by status in the shape that scripts rely on', async () => {
    const { clusters } = await fleet.status()
    expect(clusters).toEqual([
      expect.objectContaining({
        name: 'pg-main',
        postgresVersion: expect.stringMatching(/^17/),
        state: 'healthy',
        primary: expect.stringMatching(/^pg-main-[123]$/),
      }),
    ])
    for (const member of clusters[0]?.members ?? [])
      expect(member).toMatchObject({
        name: expect.stringMatching(/^pg-main-[123]$/),
        node: expect.stringMatching(/^node-[123]$/),
        address: fleet.address(member.node),
        port: 5432,
        role: expect.any(String),
        state: expect.stringMatching(/^(running|streaming)$/),
        serverVersion: expect.stringMatching(/^17\./),
        timeline: 1,
        ...(member.role === 'primary' ? {} : { lagBytes: expect.any(Number) }),
      })
    const addresses = nodes.map(fleet.address)
    expect(
      clusters[0]?.services.map(({ name, port, addresses }) => ({ name, port, addresses: addresses.toSorted() })),
    ).toEqual(
      expect.arrayContaining([
        { name: 'primary', port: 5433, addresses },
        { name: 'replica', port: 5434, addresses },
        { name: 'default', port: 5436, addresses },
        { name: 'offline', port: 5438, addresses },
      ]),
    )
  })

  it('changes nothing when it is applied again', async () => {
    const before = await operations()
    const answer = await fleet.drover('apply', '-f', quickstartFile)
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })
    expect(await operations()).toEqual(before)
  })

  it.each(nodes)('takes writes to the primary and reads to a standby through every service of %s', async node => {
    const doors = await doorsOf({ fleet, cluster: 'pg-main', node })
    expect(await doors.writeArrives('primary', `pooled through ${node}`)).toBe(true)
    expect(await doors.writeArrives('default', `direct through ${node}`)).toBe(true)
    expect(await doors.leadsToStandby('replica')).toBe(true)
    expect(await doors.leadsToStandby('offline')).toBe(true)
  })

  it('runs Patroni with the shortened waits', async () => {
    for (const node of nodes)
      expect(
        (await fleet.lab.exec(node, ['journalctl', '--no-pager', '--unit', 'drover-patroni@*'])).stdout,
      ).not.toContain('Patroni runs with its own waits')
  })

  it('keeps passwords out of logs, command lines and world-readable files (S8)', async () => {
    const password = /:([^:@]+)@/.exec(await fleet.url('pg-main'))?.[1] ?? ''
    expect(password).not.toBe('')
    for (const node of nodes) expect(await leaks(node, password)).toBe('')
    // The search can find something.
    await fleet.lab.exec('node-1', ['tee', '/etc/drover/leak'], { input: password })
    expect(await leaks('node-1', password)).toBe('/etc/drover/leak\n')
    await fleet.lab.exec('node-1', ['rm', '/etc/drover/leak'])
  })
})

describe('a file that somebody edits on a host', () => {
  const file = '/etc/drover/haproxy/pg-main.cfg'

  it('shows as drift, and the next apply repairs it', async () => {
    const original = (await fleet.lab.exec('node-2', ['cat', file])).stdout
    await fleet.lab.exec('node-2', ['sh', '-c', `echo '# edited by hand' >> ${file}`])
    const drift = await fleet.drover('drift', '--exit-code', '--json')
    expect(drift.code).toBe(10)
    const answer = JSON.parse(drift.stdout) as { nodes: { node: string; state: string; items: { name: string }[] }[] }
    expect(answer.nodes.map(({ node, state }) => `${node} ${state}`).sort()).toEqual([
      'node-1 ok',
      'node-2 drifted',
      'node-3 ok',
    ])
    expect(answer.nodes.find(({ node }) => node === 'node-2')?.items).toEqual([expect.objectContaining({ name: file })])

    await applies(quickstartFile)
    expect((await fleet.lab.exec('node-2', ['cat', file])).stdout).toBe(original)
    expect(await fleet.drover('drift', '--exit-code')).toMatchObject({ code: 0 })
  })

  it('counts at once for plan and apply, which ask the hosts themselves', async () => {
    const original = (await fleet.lab.exec('node-3', ['cat', file])).stdout
    await fleet.lab.exec('node-3', ['sh', '-c', `echo '# edited a moment ago' >> ${file}`])
    const plan = await fleet.drover('plan', '-f', quickstartFile, '--exit-code')
    expect(plan).toMatchObject({ code: 10, stdout: expect.stringContaining(file) })
    await applies(quickstartFile)
    expect((await fleet.lab.exec('node-3', ['cat', file])).stdout).toBe(original)
    expect(await fleet.drover('plan', '-f', quickstartFile, '--exit-code')).toMatchObject({ code: 0 })
  })
})

describe('a primary whose host loses power', () => {
  it('is replaced: writes go on, nothing acknowledged is lost, status shows the new primary, the old one comes back', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const victim = nodeOf(before, before.primary)
    await using load = await startWriterLoad(fleet.lab, { url: await fleet.url('pg-main'), run: 'power-off' })
    await writesGoOn(load, 200)
    await fleet.lab.powerOff([victim])
    await writesGoOn(load, 500, 90_000)

    await waitUntil({
      what: 'status to show a new primary',
      timeoutMs: 60_000,
      intervalMs: 500,
      check: async () => ![before.primary, ''].includes((await fleet.cluster('pg-main')).primary),
    })
    await fleet.lab.powerOn([victim])
    const after = await fleet.waitForHealthy('pg-main')
    expect(after.members.map(({ role }) => role).sort()).toEqual(['primary', 'replica', 'sync-standby'])
    expect(after.members.find(({ name }) => name === before.primary)?.state).toBe('streaming')

    const report = await load.stop()
    console.log('power-off of the primary:', JSON.stringify(report))
    const primary = await doorUrl({ fleet, cluster: 'pg-main', service: 'default', node: nodeOf(after, after.primary) })
    expect(await load.verify(primary)).toMatchObject({ lost: [] })

    // The search for lost rows can find one.
    await fleet.sql.query(primary, "delete from writer_load where run = 'power-off' and client = 0 and seq = 1")
    expect(await load.verify(primary)).toMatchObject({ lost: ['0/1'] })
  })
})

describe('a fleet whose orchestrator and agents are all dead', () => {
  it('goes on answering, and fails over when the primary loses power as well (S1)', async () => {
    const before = await fleet.waitForHealthy('pg-main')
    const url = await fleet.url('pg-main')
    const victim = nodeOf(before, before.primary)
    const survivors = nodes.filter(node => node !== victim)
    await fleet.killOrchestrator()
    for (const node of nodes) await killAgent(fleet, node)
    for (const node of nodes) expect(await agentState(fleet, node)).not.toBe('active')
    expect(await fleet.drover('status')).toMatchObject({ code: 4 })

    await using load = await startWriterLoad(fleet.lab, { url, run: 'drover-dead' })
    await writesGoOn(load, 200)
    await fleet.lab.powerOff([victim])
    await writesGoOn(load, 500, 90_000)
    for (const node of survivors) expect(await agentState(fleet, node)).not.toBe('active')
    const report = await load.stop()
    console.log('power-off of the primary, Drover dead:', JSON.stringify(report))
    expect(await load.verify(url)).toMatchObject({ lost: [] })

    await fleet.lab.powerOn([victim])
    await fleet.startOrchestrator()
    for (const node of survivors) await reviveAgent(fleet, node)
    const after = await fleet.waitForHealthy('pg-main')
    expect(after.primary).not.toBe(before.primary)
    expect((await fleet.status()).nodes.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready'])
  })
})

describe('an orchestrator that is killed in the middle of an apply', () => {
  it('finishes it after a restart, while the command waits: a second cluster on the same hosts', async () => {
    const before = await operations()
    const file = await fleet.writeSpec(await twoClusters())
    const interrupted = await interruptApply(fleet, file, 'converge')
    expect(interrupted.stderr).toContain('the orchestrator does not answer')
    expect(interrupted.code).toBe(0)
    expect((await operations()).map(({ state }) => state)).toEqual(['done', ...before.map(({ state }) => state)])
    const answer = await fleet.drover('apply', '-f', file)
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/no changes/i) })

    const cluster = await fleet.waitForHealthy('pg-dev')
    expect(cluster.members.map(({ role }) => role).sort()).toEqual(['primary', 'sync-standby'])
    for (const member of cluster.members) {
      const doors = await doorsOf({ fleet, cluster: 'pg-dev', node: member.node })
      expect(await doors.writeArrives('primary', `pooled through ${member.node}`)).toBe(true)
      expect(await doors.leadsToStandby('replica')).toBe(true)
    }
    await fleet.waitForHealthy('pg-main')
  })
})

describe('a host that reboots', () => {
  it('brings everything back by itself', async () => {
    const { primary, ...before } = await fleet.waitForHealthy('pg-main')
    const node = nodeOf({ primary, ...before }, primary)
    await fleet.lab.reboot([node])
    await fleet.waitForHealthy('pg-main')
    await fleet.waitForHealthy('pg-dev')
    expect((await fleet.lab.exec(node, ['systemctl', '--failed', '--plain', '--no-legend'])).stdout).toBe('')
    await servicesAnswer(node)
    expect(await fleet.drover('drift', node, '--exit-code')).toMatchObject({ code: 0 })
  })

  it('does so with all others when the whole room loses power', async () => {
    await fleet.lab.powerOff(nodes)
    await fleet.lab.powerOn(nodes)
    await fleet.waitForHealthy('pg-main')
    await fleet.waitForHealthy('pg-dev')
    for (const node of nodes) await servicesAnswer(node)
  })
})

describe('a join token', () => {
  it('lets one host in, not two', async () => {
    const token = (await fleet.drover('token', 'create')).stdout.trim()
    const layer = await agentLayer('debian13', fleet.agentPackage, fleet.context)
    await fleet.lab.addHosts({
      count: 2,
      os: 'debian13',
      layers: [layer],
      files: () => ({
        '/etc/drover/agent.conf': { content: `orchestrator=${fleet.lab.addresses.gateway}:7441\n` },
        '/etc/drover/join-token': { content: `${token}\n`, mode: 0o600 },
      }),
    })
    const newcomers = ['node-4', 'node-5']
    await waitUntil({
      what: 'one of two hosts to be in, and the other to be told why not',
      timeoutMs: 60_000,
      intervalMs: 500,
      check: async () => {
        const { nodes } = await fleet.status()
        const inside = nodes.filter(({ name, state }) => newcomers.includes(name) && state === 'ready')
        return inside.length === 1 && (await refusals(newcomers)).length === 1
      },
      explain: async () => (await fleet.drover('node', 'list')).stdout,
    })
    expect((await fleet.status()).nodes).toHaveLength(4)
  })
})

describe('a host that cannot be reached', () => {
  it('is named when a spec needs it, and nothing is changed', async () => {
    const spare = (await fleet.status()).nodes.find(({ name }) => !nodes.includes(name))?.name ?? ''
    await fleet.lab.powerOff([spare])
    await waitUntil({
      what: `${spare} to be silent`,
      timeoutMs: 90_000,
      intervalMs: 500,
      check: async () => (await node(spare)).state === 'silent',
    })
    const before = await operations()
    const text = await twoClusters()
    const file = await fleet.writeSpec(
      `${text}\n  - name: pg-far\n    members: 2\n    placement:\n      nodes: [node-1, ${spare}]\n`,
    )
    const answer = await fleet.drover('apply', '-f', file)
    expect(answer.code).toBe(2)
    expect(answer.stderr).toContain(spare)
    expect(answer.stderr).toMatch(/silent|not reach|no contact/)
    expect(await operations()).toEqual(before)
  })
})

describe('a host whose disk is full', () => {
  it('is named with what PostgreSQL says, and the next apply completes', async () => {
    const spare = (await fleet.status()).nodes.find(({ name }) => !nodes.includes(name))?.name ?? ''
    await fleet.lab.powerOn([spare])
    await waitUntil({
      what: `${spare} to be back`,
      timeoutMs: 60_000,
      intervalMs: 500,
      check: async () => (await node(spare)).state === 'ready',
    })
    const text = `${await twoClusters()}\n  - name: pg-small\n    members: 1\n    placement: { nodes: [${spare}] }\n`
    const file = await fleet.writeSpec(text)
    const data = '/var/lib/drover/pg'
    await fleet.lab.exec(spare, ['sh', '-c', `mkdir -p ${data} && mount -t tmpfs -o size=8m none ${data}`])
    const answer = await fleet.drover('apply', '-f', file)
    expect(answer.code).toBe(3)
    expect(answer.stderr).toMatch(/pg-small-1 keeps failing: .*No space left on device/)
    // More room where it is, as on a volume that grows: the instance that keeps failing may hold the directory at any moment.
    await fleet.lab.exec(spare, ['mount', '-o', 'remount,size=1g', data])
    await applies(file)
    await fleet.waitForHealthy('pg-small')
  })
})

describe('the audit', () => {
  it('is whole on both sides after all of this', async () => {
    const answer = await fleet.drover('audit', 'verify', '--json')
    expect(answer.code).toBe(0)
    const { chains } = JSON.parse(answer.stdout) as { chains: { chain: string; records: number; intact: boolean }[] }
    expect(chains.map(({ chain }) => chain)).toEqual(expect.arrayContaining(['orchestrator', ...nodes]))
    for (const chain of chains) expect(chain).toMatchObject({ intact: true })
  })
})

/** Where on a host a secret can be read that should not be there. It comes by standard input and lies in a file, so that the search does not find itself. */
async function leaks(node: string, secret: string): Promise<string> {
  const search = `
    umask 077
    cat >/root/secret
    journalctl --no-pager --quiet | grep -qFf /root/secret && echo journal
    cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -qFf /root/secret && echo 'command line'
    find /etc/drover /run/drover* -type f -perm -o+r -exec grep -lFf /root/secret {} +
    rm /root/secret`
  return (await fleet.lab.exec(node, ['sh', '-c', search], { input: `${secret}\n`, anyExit: true })).stdout
}

/** Its etcd member joins when the others have already elected a leader, which then calls the cluster version 3.0 for some seconds. */
async function lateEtcd(node: string): Promise<void> {
  const folder = '/etc/systemd/system/drover-etcd.service.d'
  const dropIn = '[Service]\nExecStartPre=/bin/sleep 2\n'
  await fleet.lab.exec(node, ['sh', '-c', `mkdir -p ${folder} && printf '${dropIn}' > ${folder}/late.conf`])
}

/** An apply that must succeed; its own story explains why it did not. */
async function applies(file: string): Promise<void> {
  const answer = await fleet.drover('apply', '-f', file)
  expect(answer.code, answer.stderr).toBe(0)
}

async function servicesAnswer(node: string): Promise<void> {
  const doors = await doorsOf({ fleet, cluster: 'pg-main', node })
  for (const [service, standby] of [
    ['primary', false],
    ['replica', true],
    ['default', false],
    ['offline', true],
  ] as const)
    await waitUntil({
      what: `${service} of ${node} to answer`,
      timeoutMs: 60_000,
      intervalMs: 250,
      check: async () => (await doors.leadsToStandby(service).catch(() => undefined)) === standby,
    })
}

async function node(name: string): Promise<NodeStatus> {
  const found = (await fleet.status()).nodes.find(each => each.name === name)
  if (found === undefined) throw new Error(`status does not show ${name}`)
  return found
}

/** Hosts whose agent says that the token has been used up. */
async function refusals(hosts: readonly string[]): Promise<readonly string[]> {
  const refused: string[] = []
  for (const host of hosts) {
    const log = await fleet.lab.exec(host, ['journalctl', '--unit=drover-agent', '--no-pager', '--output=cat'])
    if (/token .*(used|exhausted|uses)/i.test(log.stdout)) refused.push(host)
  }
  return refused
}
