import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { certificateRequest } from '../../agent/keys/certificate-request.ts'
import { putManifest } from '../../orchestrator/inventory/fleet-state.ts'
import { baseRevision } from '../../orchestrator/inventory/snapshot-builder.ts'
import { EMPTY_MANIFEST } from '../../shared/domain/manifest.ts'
import { AUDIT_GENESIS, appendAudit } from '../../shared/signing/audit-chain.ts'
import { minimalFacts } from '../support/minimal-facts.ts'
import { HEARTBEAT_MS, OrchestratorFixture } from '../support/orchestrator-fixture.ts'

const observation = { observedAt: 1, instances: [] }

describe('a session, seen from the orchestrator', () => {
  let fixture: OrchestratorFixture
  beforeEach(async () => {
    fixture = await OrchestratorFixture.create()
    await fixture.start()
  })
  afterEach(() => fixture.remove())

  it('is welcomed at once and asked for facts only when they are not here', async () => {
    const agent = await fixture.enrolled()
    const first = await agent.connect({ factsHash: 'hash-1' })
    const welcome = await first.welcome()
    expect(welcome).toMatchObject({
      fleetId: fixture.running.core.fleet.id,
      heartbeatIntervalMs: HEARTBEAT_MS,
      wantFacts: true,
    })
    first.send({ factsJson: Buffer.from(JSON.stringify(minimalFacts())) })
    await expect.poll(async () => (await shownNode()).hardware?.cores).toBe(4)
    expect(await shownNode()).toMatchObject({ os: 'debian13', hardware: { threads: 8, memoryBytes: 8e9 } })
    first.drop()
    const second = await agent.connect({ factsHash: 'hash-1' })
    expect((await second.welcome()).wantFacts).toBe(false)
    second.drop()
    expect((await (await agent.connect({ factsHash: 'hash-2' })).welcome()).wantFacts).toBe(true)
  })

  it('takes facts whose hash is only named by a later heartbeat', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect({ factsHash: '' })
    session.send({ factsJson: Buffer.from(JSON.stringify(minimalFacts())) })
    session.send({ heartbeat: { agentTimeMs: Date.now(), factsHash: 'late', auditHead: '' } })
    const { core } = fixture.running
    await expect.poll(async () => (await core.facts.get(agent.nodeId))?.hash).toBe('late')
  })

  it('does not move the base revision of plans with heartbeats, observations and free disk space', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect({ factsHash: 'a' })
    const { core } = fixture.running
    const disk = { mount: '/', device: '/dev/vda', type: 'ext4', sizeBytes: 100, options: [], source: 'statfs' }
    session.send({ factsJson: facts(minimalFacts({ filesystems: [{ ...disk, availableBytes: 50 }] })) })
    await expect.poll(async () => (await core.facts.get(agent.nodeId))?.hash).toBe('a')
    const before = await baseRevision(core.store)
    session.send({ heartbeat: { agentTimeMs: Date.now(), factsHash: 'b', auditHead: '' } })
    session.send({ observationJson: Buffer.from(JSON.stringify(observation)) })
    session.send({ factsJson: facts(minimalFacts({ filesystems: [{ ...disk, availableBytes: 49 }] })) })
    await expect.poll(async () => (await core.facts.get(agent.nodeId))?.hash).toBe('b')
    expect(await baseRevision(core.store)).toBe(before)
    await fixture.api.LabelNode({ node: 'node-1', set: { zone: 'a' } })
    expect(await baseRevision(core.store)).toBeGreaterThan(before)
  })

  it('asks for the full state when a message is missing', async () => {
    const session = await (await fixture.enrolled()).connect()
    session.send({ heartbeat: { agentTimeMs: Date.now() } })
    expect(session.received.filter(({ body }) => body === 'requestState')).toEqual([])
    session.skip()
    session.send({ heartbeat: { agentTimeMs: Date.now() } })
    await session.next('requestState')
  })

  it('goes on after messages that make no sense', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    session.send({ observationJson: Buffer.from('{') })
    session.send({ factsJson: Buffer.from('[]') })
    session.send({ observationJson: Buffer.from(JSON.stringify(observation)) })
    const { core } = fixture.running
    await expect.poll(() => core.live.get(agent.nodeId).observation?.content).toEqual(observation)
  })

  it('measures the clock of the agent and warns when it is off', async () => {
    await (await fixture.enrolled()).connect({ agentTimeMs: Date.now() + 90_000 })
    const node = await shownNode()
    expect(node.clockOffsetMs).toBeGreaterThan(80_000)
    expect(node.warnings[0]).toMatch(/clock is (89|90) s off/)
  })

  it('keeps the first of two agents with one identity and refuses the newer', async () => {
    const agent = await fixture.enrolled()
    const first = await agent.connect()
    const answering = first.next('requestState').then(() => first.send({ heartbeat: { agentTimeMs: Date.now() } }))
    await expect(agent.connect({ bootId: 'boot-2' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/same identity/),
    })
    await answering
    expect(await fixture.audited('session:refused')).toEqual([expect.stringContaining('duplicate identity')])
    first.send({ observationJson: Buffer.from(JSON.stringify(observation)) })
    await expect.poll(() => fixture.running.core.live.get(agent.nodeId).observation).toBeDefined()
  })

  it('lets an agent back in whose old connection only seems to be open', async () => {
    const agent = await fixture.enrolled()
    const silent = await agent.connect()
    await agent.connect({ bootId: 'boot-2' })
    expect(await silent.ended()).toBeNull()
  })

  it('calls a node silent after three missed heartbeats, and ready again when it talks', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    expect((await shownNode()).state).toBe('ready')
    await expect.poll(async () => (await shownNode()).state, { timeout: 5000 }).toBe('silent')
    await session.ended()
    const again = await agent.connect()
    again.send({ heartbeat: { agentTimeMs: Date.now() } })
    expect((await shownNode()).state).toBe('ready')
  })

  it('keeps a verified copy of the audit chain, and says so when it is broken', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const first = appendAudit(AUDIT_GENESIS, JSON.stringify({ at: 1, type: 'agent:enrolled' }))
    const second = appendAudit(
      first,
      JSON.stringify({ at: 2, type: 'command:refused', subject: 'converge', reason: 'policy' }),
    )
    const third = appendAudit(second, JSON.stringify({ at: 3, type: 'command:accepted' }))
    session.send({ audit: { recordsJson: [json(first), json(second)] } })
    expect((await session.next('auditAck')).auditAck?.index).toBe(2)
    const { records } = await fixture.api.ListAudit({ node: 'node-1' })
    expect(records).toMatchObject([
      { index: 2, type: 'command:refused', subject: 'converge', detail: 'reason=policy' },
      { index: 1, type: 'agent:enrolled' },
    ])
    session.send({ audit: { recordsJson: [json({ ...third, record: '{"at":3,"type":"forged"}' })] } })
    await expect.poll(() => fixture.audited('audit:broken')).toHaveLength(1)
    const { chains } = await fixture.api.VerifyAudit({})
    expect(chains.map(({ chain, records: count, intact }) => ({ chain, count, intact }))).toEqual([
      { chain: 'orchestrator', count: expect.any(Number) as number, intact: true },
      { chain: 'node-1', count: 2, intact: true },
    ])
  })

  it('signs certificates of the manifest that the node has, and refuses any other', async () => {
    const agent = await fixture.enrolled()
    await agent.connect()
    const { core } = fixture.running
    const item = {
      name: 'patroni',
      certPath: '/c',
      keyPath: '/k',
      caPath: '/a',
      owner: 'root',
      group: 'root',
      commonName: 'pg-main-1',
      sans: ['10.0.0.1'],
      usages: ['server' as const],
      reactions: [],
    }
    const manifest = { ...EMPTY_MANIFEST, certificates: [item] }
    await core.store.txn({ success: [putManifest(agent.nodeId, { manifest, operationId: 'op', appliedAt: 1 })] })
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const csr = certificateRequest({ key: privateKey, commonName: 'anything', sans: ['evil'], usages: ['server'] })
    const { certificatePem } = await agent.mesh().IssueCertificate({ itemName: 'patroni', csr: Buffer.from(csr) })
    expect(certificatePem).toContain('BEGIN CERTIFICATE')
    await expect(agent.mesh().IssueCertificate({ itemName: 'etcd', csr: Buffer.from(csr) })).rejects.toMatchObject({
      code: 'denied',
    })
    expect(await fixture.audited('certificate:issued')).toEqual([expect.stringContaining('pg-main-1 for 10.0.0.1')])
    expect(await fixture.audited('certificate:refused')).toHaveLength(1)
  })

  it('renews the certificate of a node', async () => {
    const agent = await fixture.enrolled()
    const { certificatePem } = await agent.mesh().Renew({ csr: agent.csr })
    expect(certificatePem).not.toBe(agent.certificatePem)
    agent.certificatePem = certificatePem
    await agent.connect()
    expect(await fixture.audited('certificate:renewed')).toHaveLength(1)
  })

  it('says goodbye when it stops, and knows its nodes right after the next start', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    session.send({ observationJson: Buffer.from(JSON.stringify(observation)) })
    await expect.poll(() => fixture.running.core.live.get(agent.nodeId).observation).toBeDefined()
    await fixture.stop()
    expect((await session.next('goodbye')).goodbye?.reconnectAfterMs).toBeLessThanOrEqual(3000)
    await fixture.start()
    expect((await shownNode()).state).toBe('ready')
    expect(fixture.running.core.live.get(agent.nodeId)).toMatchObject({
      connected: false,
      observation: { content: observation },
    })
    await fixture.again(agent).connect()
  })

  async function shownNode() {
    const node = (await fixture.api.ShowNode({ node: 'node-1' })).node
    if (node === null) throw new Error('no node')
    return node
  }
})

function facts(content: unknown): Buffer {
  return json(content)
}

function json(content: unknown): Buffer {
  return Buffer.from(JSON.stringify(content))
}
