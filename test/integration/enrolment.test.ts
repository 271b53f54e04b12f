import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseJoinToken, tokenVerifier } from '../../shared/signing/join-token.ts'
import { generateSigningKey } from '../../shared/signing/keys.ts'
import { trustByPin } from '../../shared/signing/keyset.ts'
import { isServerProof } from '../../shared/signing/server-proof.ts'
import { openUnverifiedChannel } from '../../shared/wire/channel.ts'
import { decodeEnvelope } from '../../shared/wire/codec.ts'
import { createEnrolmentClient } from '../../shared/wire/services.ts'
import { csrOf } from '../support/fake-agent.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { OrchestratorFixture } from '../support/orchestrator-fixture.ts'

describe('enrolment', () => {
  let fixture: OrchestratorFixture
  beforeEach(async () => {
    fixture = await OrchestratorFixture.create()
    await fixture.start()
  })
  afterEach(() => fixture.remove())

  it('makes a ready node out of a token, with the labels of the token', async () => {
    const agent = fixture.agent()
    const answer = await agent.enrol(await fixture.token({ labels: { zone: 'a' } }))
    expect(answer).toMatchObject({ state: 'ACTIVE', generation: 1, meshAddresses: [`:${fixture.running.ports.mesh}`] })
    const { nodes } = await fixture.api.ListNodes({})
    expect(nodes).toMatchObject([{ name: 'node-1', id: answer.nodeId, labels: { zone: 'a' }, state: 'silent' }])
    await (await agent.connect()).welcome()
    expect((await fixture.api.ListNodes({})).nodes[0]?.state).toBe('ready')
    expect(await fixture.auditTypes()).toEqual(['node:enrolled', 'token:created'])
  })

  it('proves itself to a stranger before the stranger proves the token', async () => {
    const token = parseJoinToken(await fixture.token())
    const channel = openUnverifiedChannel(`127.0.0.1:${fixture.running.ports.enrol}`)
    const client = createEnrolmentClient(channel)
    const { keysetEnvelope, caPem } = await client.Bootstrap({})
    const { nonce, serverProof } = await client.Challenge({ tokenId: token.id })
    expect(trustByPin(decodeEnvelope(keysetEnvelope), token.pin).ok).toBe(true)
    expect(isServerProof(serverProof, { verifier: tokenVerifier(token.secret), nonce, caPem })).toBe(true)
    channel.close()
  })

  it('gives the same answer to an agent that lost the first one', async () => {
    const token = await fixture.token()
    const agent = fixture.agent()
    const first = await agent.enrol(token)
    const second = await agent.enrol(token)
    expect(second.certificatePem).toBe(first.certificatePem)
    expect((await fixture.api.ListTokens({})).tokens[0]?.uses).toBe(1)
  })

  it('refuses a token that was used, and makes no node of it', async () => {
    const token = await fixture.token()
    await fixture.agent().enrol(token)
    const second = fixture.agent({ hostname: 'node-2' })
    await expect(second.enrol(token)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/used once/),
    })
    expect((await fixture.api.ListNodes({})).nodes).toHaveLength(1)
    expect(await fixture.audited('enrolment:refused')).toEqual([expect.stringContaining('used-token')])
  })

  it('lets exactly one of two hosts win a race for a token', async () => {
    const token = await fixture.token()
    const agents = ['node-1', 'node-2', 'node-3'].map(hostname =>
      fixture.agent({ hostname, macs: [], machineId: hostname }),
    )
    const answers = await Promise.allSettled(agents.map(agent => agent.enrol(token)))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it("refuses another fleet's token", async () => {
    const other = await OrchestratorFixture.create()
    await other.start()
    const token = await other.token()
    await other.remove()
    await expect(fixture.agent().enrol(token)).rejects.toMatchObject({
      message: expect.stringMatching(/does not know the join token/),
    })
    expect(await fixture.audited('enrolment:refused')).toEqual([expect.stringContaining('unknown-token')])
  })

  it('refuses a proof made with another secret', async () => {
    const token = await fixture.token()
    await expect(fixture.agent().enrol(token, { badProof: true })).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await fixture.audited('enrolment:refused')).toEqual([expect.stringContaining('bad-proof')])
  })

  it('refuses a revoked token', async () => {
    const token = await fixture.token()
    await fixture.api.RevokeToken({ id: parseJoinToken(token).id })
    await expect(fixture.agent().enrol(token)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/revoked/),
    })
    expect(await fixture.audited('enrolment:refused')).toEqual([expect.stringContaining('revoked-token')])
  })

  it('refuses an expired token', async () => {
    const clock = new ManualClock(Date.now())
    await fixture.stop()
    await fixture.start({ clock })
    const token = await fixture.token({ ttlMs: 60_000 })
    await clock.advance(60_000)
    await expect(fixture.agent().enrol(token)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/expired/),
    })
    expect(await fixture.audited('enrolment:refused')).toEqual([expect.stringContaining('expired-token')])
  })

  it('refuses a host from outside the network of the token', async () => {
    const token = await fixture.token({ cidr: '10.0.0.0/8' })
    await expect(fixture.agent().enrol(token)).rejects.toMatchObject({
      message: expect.stringMatching(/only for hosts in 10.0.0.0\/8/),
    })
    expect(await fixture.audited('enrolment:refused')).toEqual([expect.stringContaining('wrong-network')])
    await fixture.agent().enrol(await fixture.token({ cidr: '127.0.0.0/8' }))
  })

  it('refuses an identity key that belongs to a node already', async () => {
    const agent = await fixture.enrolled()
    const token = await fixture.token()
    await expect(agent.enrol(token, { csr: csrOf(agent.tlsKey) })).rejects.toMatchObject({ code: 'conflict' })
    expect(await fixture.audited('enrolment:refused')).toEqual([expect.stringContaining('known-identity')])
  })

  it('lets a second host of the same name wait, and gives it a name of its own when approved', async () => {
    await fixture.agent({ machineId: 'a', productUuid: 'a', macs: ['a'] }).enrol(await fixture.token())
    const second = fixture.agent({ machineId: 'b', productUuid: 'b', macs: ['b'] })
    const token = await fixture.token()
    const pending = await second.enrol(token)
    expect(pending).toMatchObject({ state: 'PENDING', message: expect.stringMatching(/already called node-1/) })
    const { node } = await fixture.api.ApproveNode({ node: 'node-1' })
    expect(node).toMatchObject({ name: 'node-1-2', id: pending.nodeId })
    expect(await second.enrol(token)).toMatchObject({ state: 'ACTIVE', nodeId: pending.nodeId })
    await second.connect()
  })

  it('raises the generation when a re-imaged host is approved, which shuts the old one out', async () => {
    const old = fixture.agent()
    await old.enrol(await fixture.token())
    const reimaged = fixture.agent()
    const token = await fixture.token()
    expect(await reimaged.enrol(token)).toMatchObject({
      state: 'PENDING',
      message: expect.stringMatching(/re-image of node-1/),
    })
    await fixture.api.ApproveNode({ node: 'node-1' })
    expect(await reimaged.enrol(token)).toMatchObject({ state: 'ACTIVE', nodeId: old.nodeId, generation: 2 })
    await reimaged.connect()
    await expect(old.connect()).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/generation 1, the node is at 2/),
    })
    expect(await fixture.audited('session:refused')).toHaveLength(1)
    expect((await fixture.api.ListNodes({})).nodes).toHaveLength(1)
  })

  it('lets a host with a replace token take a node over at once', async () => {
    const old = await fixture.enrolled()
    const session = await old.connect()
    const fresh = fixture.agent({ hostname: 'other-name' })
    const answer = await fresh.enrol(await fixture.token({ replaceNode: 'node-1' }))
    expect(answer).toMatchObject({ state: 'ACTIVE', nodeId: old.nodeId, generation: 2 })
    expect((await session.next('goodbye')).goodbye?.reason).toMatch(/taken this identity over/)
  })

  it('lets hosts wait when the token asks for approval', async () => {
    const agent = fixture.agent()
    const token = await fixture.token({ autoApprove: false })
    expect(await agent.enrol(token)).toMatchObject({ state: 'PENDING', certificatePem: '' })
    expect((await fixture.api.ListNodes({})).nodes[0]).toMatchObject({
      state: 'pending',
      pendingReason: expect.stringMatching(/asks for approval/),
    })
    await fixture.api.ApproveNode({ node: 'node-1' })
    await expect(fixture.api.ApproveNode({ node: 'node-1' })).rejects.toMatchObject({ code: 'conflict' })
    expect(await agent.enrol(token)).toMatchObject({ state: 'ACTIVE' })
  })

  it('gives a new certificate to whoever holds the identity key, and to nobody else', async () => {
    const agent = await fixture.enrolled()
    const before = agent.certificatePem
    await expect(agent.recover(generateSigningKey())).rejects.toMatchObject({ code: 'unauthenticated' })
    await agent.recover()
    expect(agent.certificatePem).not.toBe(before)
    await agent.connect()
    for (let count = 2; count <= 6; count += 1) await agent.recover()
    await expect(agent.recover()).rejects.toMatchObject({ code: 'exhausted' })
    const refused = await fixture.audited('enrolment:refused')
    expect(refused).toEqual([expect.stringContaining('too-many-recoveries'), expect.stringContaining('bad-signature')])
  })

  it('says no to a flood and goes on', async () => {
    const token = await fixture.token()
    const stranger = fixture.agent()
    const answers = await Promise.allSettled(
      Array.from({ length: 260 }, () => stranger.enrol(token, { badProof: true })),
    )
    const codes = answers.map(answer =>
      answer.status === 'rejected' ? (answer.reason as { code: string }).code : 'ok',
    )
    expect(codes).toContain('exhausted')
    const floods = (await fixture.audited('enrolment:refused')).filter(detail => detail.startsWith('rate-limited'))
    expect(floods).toHaveLength(1)
    const metrics = await (await fetch(`http://127.0.0.1:${fixture.running.ports.metrics}/metrics`)).text()
    expect(metrics).toContain('drover_enrolments_refused_total{reason="rate-limited"}')
  })
})
