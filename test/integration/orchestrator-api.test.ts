import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { renderError } from '../../orchestrator/cli/render/error.ts'
import { startOrchestrator } from '../../orchestrator/compose/start-orchestrator.ts'
import { putAllocations, putAppliedSpec, putManifest } from '../../orchestrator/inventory/fleet-state.ts'
import { buildSnapshot } from '../../orchestrator/inventory/snapshot-builder.ts'
import { createSecrets } from '../../orchestrator/operation/secrets.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import { EMPTY_MANIFEST, type InstanceWatch } from '../../shared/domain/manifest.ts'
import type { InstanceObservation } from '../../shared/domain/observation.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import { openChannel } from '../../shared/wire/channel.ts'
import { createFleetClient } from '../../shared/wire/services.ts'
import { runCli } from '../support/cli-run.ts'
import { csrOf } from '../support/fake-agent.ts'
import { minimalFacts } from '../support/minimal-facts.ts'
import { noPackages } from '../support/no-packages.ts'
import { HEARTBEAT_MS, OrchestratorFixture } from '../support/orchestrator-fixture.ts'

const WIDE = { write: () => undefined, interactive: false, color: false, columns: 400 }

describe('the API', () => {
  let fixture: OrchestratorFixture
  beforeEach(async () => {
    fixture = await OrchestratorFixture.create()
    await fixture.start()
  })
  afterEach(() => fixture.remove())

  it('tells its version and fleet', async () => {
    expect(await fixture.api.GetVersion({})).toMatchObject({
      fleetName: 'test',
      fleetId: fixture.running.core.fleet.id,
    })
  })

  it('says what is wrong with a token order, and makes none', async () => {
    await expect(fixture.token({ cidr: '10.0.0.0' })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/no address range/),
    })
    await expect(fixture.token({ ttlMs: 2 * 86_400_000 })).rejects.toMatchObject({ code: 'invalid' })
    await expect(fixture.token({ labels: { 'Bad Key': 'x' } })).rejects.toMatchObject({ code: 'invalid' })
    await expect(fixture.token({ replaceNode: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
    expect((await fixture.api.ListTokens({})).tokens).toEqual([])
  })

  it('labels nodes, and audits who did', async () => {
    await fixture.enrolled()
    await fixture.api.LabelNode({ node: 'node-1', set: { zone: 'a', rack: 'r1' } })
    const { node } = await fixture.api.LabelNode({ node: 'node-1', set: { zone: 'b' }, unset: ['rack'] })
    expect(node?.labels).toEqual({ zone: 'b' })
    expect(await fixture.audited('node:labelled')).toEqual(['zone=b -rack', 'zone=a rack=r1'])
    await expect(fixture.api.LabelNode({ node: 'nobody', set: {} })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('plans and refuses like the engine does, with every problem', async () => {
    const bad = fixture.api.Plan({ specYaml: 'nonsense: [', fileName: 'fleet.yml' })
    await expect(bad).rejects.toMatchObject({ code: 'invalid', problems: [expect.anything()] })
    await expect(fixture.api.ShowOperation({ operationId: 'nope' })).rejects.toMatchObject({ code: 'not-found' })
    expect((await fixture.api.ListOperations({})).operations).toEqual([])
  })

  it('refuses the file of another fleet with the line and what to do, to programs and to people', async () => {
    const specYaml = 'version: 1\nfleet:\n  name: prod\nclusters: []\n'
    const hint = 'Ask the orchestrator of `prod`, or set `name: test` if the file is meant for this fleet.'
    await expect(fixture.api.Plan({ specYaml, fileName: 'fleet.yml' })).rejects.toMatchObject({
      code: 'invalid',
      problems: [{ code: 'other-fleet', severity: 'error', path: 'fleet.name', line: 3, hint }],
    })
    for (const verb of ['plan', 'apply']) {
      const told = await runCli([verb, '-f', 'fleet.yml'], { files: { 'fleet.yml': specYaml }, api: fixture.api }).then(
        ({ out }) => out,
        (error: unknown) => renderError(WIDE, DroverError.from(error), false),
      )
      expect(told).toContain('error line 3, fleet.name: this file describes the fleet `prod`')
      expect(told).toContain(`(${hint})`)
    }
    expect((await fixture.api.ListOperations({})).operations).toEqual([])
  })

  it('shows a cluster as it is observed: roles, lag, services, state', async () => {
    const sessions = await cluster()
    sessions.primary.send(observed({ ...base('pg-1'), role: 'primary', lsn: 1000 }))
    sessions.replica.send(observed({ ...base('pg-2'), role: 'sync-standby', state: 'streaming', lsn: 900 }))
    await expect.poll(async () => (await status()).state).toBe('healthy')
    expect(await status()).toMatchObject({
      name: 'pg',
      primary: 'pg-1',
      postgresVersion: '17.5',
      members: [
        { name: 'pg-1', node: 'node-1', role: 'primary', state: 'running', timeline: 1, port: 5432 },
        { name: 'pg-2', node: 'node-2', role: 'sync-standby', state: 'streaming', lagBytes: 100 },
      ],
      services: [{ name: 'primary', port: 5433, addresses: ['10.0.0.1', '10.0.0.2'] }],
    })
  })

  it('never shows old observations as the truth', async () => {
    const sessions = await cluster()
    sessions.primary.send(observed({ ...base('pg-1'), role: 'primary', lsn: 1000 }))
    sessions.replica.send(observed({ ...base('pg-2'), role: 'replica', state: 'streaming', lsn: 900 }))
    await expect.poll(async () => (await status()).primary).toBe('pg-1')
    await fixture.stop()
    const late = Date.now() + 20_000
    await fixture.start({
      clock: { now: () => late, monotonic: () => performance.now(), sleep: () => new Promise(() => undefined) },
    })
    const shown = await status()
    expect(shown).toMatchObject({ state: 'unknown', primary: '', services: [{ name: 'primary', addresses: [] }] })
    expect(shown.members.map(({ role, state }) => ({ role, state }))).toEqual([
      { role: 'unknown', state: 'unknown' },
      { role: 'unknown', state: 'unknown' },
    ])
    expect(shown.members[0]?.observedAtMs).toBeLessThan(late - 15_000)
  })

  it('streams status when it changes, and not when only time passes', async () => {
    const agent = await fixture.enrolled()
    const controller = new AbortController()
    const watch = fixture.api.WatchStatus({}, { signal: controller.signal })[Symbol.asyncIterator]()
    expect((await watch.next()).value?.nodes).toMatchObject([{ name: 'node-1', state: 'silent' }])
    const session = await agent.connect({ factsHash: 'x' })
    expect((await watch.next()).value?.nodes).toMatchObject([{ state: 'ready' }])
    session.send({ heartbeat: { agentTimeMs: Date.now() } })
    session.send({ factsJson: Buffer.from(JSON.stringify(minimalFacts())) })
    expect((await watch.next()).value?.nodes).toMatchObject([{ state: 'ready', hardware: { cores: 4 } }])
    controller.abort()
  })

  it('shows passwords only on request, and remembers who looked', async () => {
    await cluster()
    const { core } = fixture.running
    const { password } = await createSecrets(core.store).obtain('clusters/pg/users/app')
    expect((await fixture.api.ShowCluster({ name: 'pg' })).credentials).toEqual([{ user: 'app', password: '' }])
    expect(await fixture.audited('credential:revealed')).toEqual([])
    const revealed = await fixture.api.ShowCluster({ name: 'pg', reveal: true })
    expect(revealed).toMatchObject({ credentials: [{ user: 'app', password }], databases: ['app'] })
    expect(await fixture.audited('credential:revealed')).toEqual(['passwords of app'])
  })

  it('has the agent look, without any command, and lets the next plan know', async () => {
    const { primary } = await cluster()
    const { core } = fixture.running
    primary.send({ observationJson: json({ observedAt: 1, instances: [] }) })
    await expect.poll(() => core.live.ids().some(id => core.live.get(id).observation !== undefined)).toBe(true)
    const asked = fixture.api.Drift({ node: 'node-1' })
    const found = [{ kind: 'file', name: '/etc/x', detail: 'content differs' }]
    const [applied] = [...(await core.state.manifests()).values()]
    await primary.answerLook({ manifestHash: contentHash(applied?.manifest), items: found })
    expect((await asked).nodes).toMatchObject([{ node: 'node-1', state: 'drifted', items: found, detail: '' }])
    const repository = { urls: {}, suite: '', key: '' }
    const snapshot = await buildSnapshot({ ...core, fleet: { id: 'f', name: 'f' } }, { packages: {}, repository })
    expect(snapshot.nodes.map(({ drifted }) => drifted ?? false)).toEqual([true, false])
    expect(primary.received.filter(({ body }) => body === 'command')).toEqual([])
    primary.drop()
    await expect
      .poll(async () => (await fixture.api.Drift({ node: 'node-1' })).nodes)
      .toMatchObject([{ state: 'drifted', items: found, detail: expect.stringContaining('it is not connected') }])
  })

  it('has hosts compare themselves before it plans, and waits a bounded time for one that is busy', async () => {
    const { primary, replica } = await cluster()
    const { core } = fixture.running
    for (const session of [primary, replica]) session.send({ observationJson: json({ observedAt: 1, instances: [] }) })
    const seen = () => core.live.ids().filter(id => core.live.get(id).observation !== undefined).length
    await expect.poll(seen).toBe(2)
    const bad = fixture.api.Plan({ specYaml: 'nonsense: [', fileName: 'fleet.yml' })
    await expect(bad).rejects.toMatchObject({ code: 'invalid' })
    expect(primary.received.filter(({ body }) => body === 'command')).toEqual([])

    // Hosts without facts can have no plan: here it is about what they are asked for it.
    const startedAt = performance.now()
    const specYaml = 'version: 1\nfleet: { name: test }\nclusters: [{ name: pg, members: 2 }]\n'
    const planned = expect(fixture.api.Plan({ specYaml, fileName: 'fleet.yml' })).rejects.toMatchObject({
      code: 'invalid',
    })
    // One has something else than what was applied; the other does not answer.
    await primary.answerLook()
    const { command } = await primary.command()
    expect(command).toMatchObject({ kind: 'converge', args: { dryRun: true } })
    expect(command.maxRuntimeMs).toBeLessThanOrEqual(5000)
    primary.done(command, { dryRun: true, items: [{ kind: 'file', name: '/etc/x', status: 'would-change' }] })
    const beat = setInterval(() => replica.send({ heartbeat: { agentTimeMs: Date.now() } }), HEARTBEAT_MS)
    expect((await replica.command()).command).toMatchObject({ kind: 'converge', args: { dryRun: true } })
    await planned
    clearInterval(beat)
    expect(performance.now() - startedAt).toBeGreaterThan(4900)
    expect(performance.now() - startedAt).toBeLessThan(9000)

    const repository = { urls: {}, suite: '', key: '' }
    const snapshot = await buildSnapshot({ ...core, fleet: { id: 'f', name: 'f' } }, { packages: {}, repository })
    expect(snapshot.nodes.map(({ drifted }) => drifted)).toEqual([true, undefined])
    expect((await core.store.range('outcomes/')).entries).toEqual([])
    expect(await core.dispatcher.operations()).toEqual(new Set())
  })

  it('lets operators in over TLS, by their certificate, and nodes not', async () => {
    const agent = await fixture.enrolled()
    const { core, ports } = fixture.running
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { pem } = await core.fleet.ca.issueOperatorCertificate({ csr: csrOf(privateKey), user: 'alice' })
    const dial = (certificatePem: string, key: typeof privateKey) =>
      openChannel({
        address: `127.0.0.1:${ports.api}`,
        caPem: core.fleet.ca.caPem,
        identity: { certificatePem, privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }) as string },
      })
    const operator = dial(pem, privateKey)
    await createFleetClient(operator).CreateToken({ autoApprove: true })
    const { records } = await fixture.api.ListAudit({ limit: 1 })
    expect(records).toMatchObject([{ type: 'token:created', actor: 'user:alice' }])
    const node = dial(agent.certificatePem, agent.tlsKey)
    await expect(createFleetClient(node).ListNodes({})).rejects.toMatchObject({ code: 'denied' })
    operator.close()
    node.close()
  })

  it('serves metrics and health', async () => {
    await (await fixture.enrolled()).connect()
    const base = `http://127.0.0.1:${fixture.running.ports.metrics}`
    const metrics = await (await fetch(`${base}/metrics`)).text()
    expect(metrics).toContain('drover_nodes{state="ready"} 1')
    expect(metrics).toContain('drover_sessions 1')
    expect(metrics).toContain('nodejs_eventloop_lag_seconds')
    expect((await fetch(`${base}/healthz`)).status).toBe(200)
    await fixture.running.core.store.close()
    expect((await fetch(`${base}/healthz`)).status).toBe(503)
  })

  it('refuses a second orchestrator on the same folder, and a busy port, by name', async () => {
    const second = startOrchestrator({ directory: fixture.directory, openPackages: async () => noPackages() })
    await expect(second).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('store.db') })
    const busy = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => busy.once('listening', resolve))
    const { port } = busy.address() as { port: number }
    const third = await OrchestratorFixture.create({ enrol: `127.0.0.1:${port}` })
    await expect(third.start()).rejects.toMatchObject({
      code: 'conflict',
      message: `listen.enrol 127.0.0.1:${port}: the port is busy`,
    })
    busy.close()
    await third.remove()
  })

  async function cluster() {
    const agents = [await fixture.enrolled('node-1'), await fixture.enrolled('node-2')]
    const { core } = fixture.running
    const members = agents.map(({ nodeId }, index) => ({ instance: `pg-${index + 1}`, number: index + 1, nodeId }))
    const allocation = { portBlock: 0, postgresVersion: 17, nextNumber: 3, members, bootstrapped: true }
    await core.store.txn({
      success: [
        putAllocations({ etcd: null, clusters: { pg: allocation } }),
        putAppliedSpec(spec),
        ...members.map(({ nodeId, instance }, index) => {
          const manifest = { ...EMPTY_MANIFEST, watches: { instances: [watch(instance, `10.0.0.${index + 1}`)] } }
          return putManifest(nodeId, { manifest, operationId: 'op', appliedAt: 1 })
        }),
      ],
    })
    const [primary, replica] = await Promise.all(agents.map(agent => agent.connect()))
    if (primary === undefined || replica === undefined) throw new Error('two agents were made')
    return { primary, replica }
  }

  async function status() {
    const [shown] = (await fixture.api.Status({ cluster: 'pg' })).clusters
    if (shown === undefined) throw new Error('no cluster')
    return shown
  }
})

function base(instance: string): Omit<InstanceObservation, 'role'> {
  const service = { name: 'primary', port: 5433, up: true }
  return {
    cluster: 'pg',
    instance,
    state: 'running',
    serverVersion: '17.5',
    timeline: 1,
    poolers: [],
    services: [service],
  }
}

function observed(instance: InstanceObservation) {
  return { observationJson: json({ observedAt: Date.now(), instances: [instance] }) }
}

function watch(instance: string, address: string): InstanceWatch {
  return {
    cluster: 'pg',
    instance,
    address,
    postgresPort: 5432,
    socketDirectory: '/s',
    dataDirectory: '/d',
    patroniUrl: 'u',
    patroniUnit: 'u',
    caPath: 'c',
    certPath: 'c',
    keyPath: 'k',
    poolers: [],
    services: [{ name: 'primary', port: 5433 }],
  }
}

function json(content: unknown): Buffer {
  return Buffer.from(JSON.stringify(content))
}

const user = {
  name: 'app',
  login: true,
  superuser: false,
  createdb: false,
  createrole: false,
  inherit: true,
  replication: false,
  bypassrls: false,
  memberOf: [],
  parameters: {},
  pooled: true,
}
const spec: FleetSpec = {
  version: 1,
  fleet: {
    name: 'test',
    parameters: { clientNetworks: [], limits: { cores: 1, memory: 0.85, disk: 0.8 }, kernel: 'manage' },
  },
  etcd: { members: 1, labels: {}, quotaBytes: 1, compactionRetentionHours: 1 },
  clusters: [
    {
      name: 'pg',
      members: 2,
      placement: { labels: {}, spread: [] },
      resources: {},
      durability: 'async',
      failover: 'norm',
      workload: 'oltp',
      replicas: [],
      synchronous: { standbys: 1 },
      failoverLagBytes: 1_048_576,
      cloneRateBytes: 67_108_864,
      watchdog: 'off',
      tuning: {},
      template: { schemas: [], extensions: [] },
      privileges: [],
      services: [],
      packages: [],
      users: [user],
      databases: [
        {
          name: 'app',
          owner: 'app',
          encoding: 'UTF8',
          locale: 'C',
          schemas: [],
          extensions: [],
          parameters: {},
          pooled: true,
          pool: {},
          isTemplate: false,
          allowConnections: true,
          revokePublicConnect: false,
        },
      ],
      hba: [],
      parameters: {},
      pooler: {
        mode: 'transaction',
        maxClientConnections: 10,
        tls: 'prefer',
        ignoreStartupParameters: ['extra_float_digits'],
      },
    },
  ],
}
