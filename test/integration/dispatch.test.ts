import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunRequest } from '../../orchestrator/dispatch/dispatcher.ts'
import { EMPTY_MANIFEST } from '../../shared/domain/manifest.ts'
import { verifyCommand } from '../../shared/signing/verify-command.ts'
import { fromWireEnvelope } from '../../shared/wire/codec.ts'
import type { FakeAgent } from '../support/fake-agent.ts'
import { KillableOrchestrator } from '../support/killable-orchestrator.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { OrchestratorFixture } from '../support/orchestrator-fixture.ts'

const forever = new AbortController().signal
const result = { dryRun: false, items: [] }

describe('dispatching a command', () => {
  let fixture: OrchestratorFixture
  beforeEach(async () => {
    fixture = await OrchestratorFixture.create()
    await fixture.start()
  })
  afterEach(() => fixture.remove())

  it('signs for this node alone, and returns what the agent answers', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const running = run(agent)
    const { command } = await session.command()
    const { core } = fixture.running
    expect(command).toMatchObject({
      fleetId: core.fleet.id,
      nodeId: agent.nodeId,
      nodeGeneration: 1,
      sequence: 1,
      operationId: 'op-1',
      stepId: '01-01',
      attempt: 1,
      kind: 'converge',
      leaderEpoch: core.leadership.epoch,
    })
    expect(command.notAfter - command.issuedAt).toBeLessThanOrEqual(15 * 60_000)
    const envelope = (await session.next('command')).command
    if (envelope == null) throw new Error('no command')
    const verified = verifyCommand({
      envelope: fromWireEnvelope(envelope),
      keySet: core.fleet.keySet.keySet,
      now: Date.now(),
    })
    expect(verified.ok).toBe(true)
    session.done(command, result)
    expect(await running).toEqual({ state: 'done', result })
    expect((await session.next('ack')).ack?.commandId).toBe(command.commandId)
    expect((await fixture.auditTypes()).slice(0, 2)).toEqual(['command:done', 'command:issued'])
  })

  it('stores the result before it acknowledges, and keeps no envelope afterwards', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const running = run(agent, { args: { manifest: EMPTY_MANIFEST, dryRun: false } })
    session.done((await session.command()).command, result)
    await session.next('ack')
    const { store } = fixture.running.core
    expect((await store.range('outcomes/')).entries).toHaveLength(1)
    expect((await store.range('sealed/commands/')).entries).toEqual([])
    await running
  })

  it('passes failures, refusals and interruptions on, and audits refusals', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const failing = run(agent, { stepId: 'a' })
    const first = (await session.command(1)).command
    session.send({
      finished: {
        commandId: first.commandId,
        state: 'failed',
        failure: { code: 'exhausted', message: 'disk full', retryable: true },
      },
    })
    expect(await failing).toEqual({ state: 'failed', code: 'exhausted', message: 'disk full', retryable: true })
    const refused = run(agent, { stepId: 'b' })
    const second = (await session.command(2)).command
    expect(second.sequence).toBe(2)
    session.send({
      finished: {
        commandId: second.commandId,
        state: 'refused',
        refusal: 'policy',
        failure: { code: 'denied', message: 'not here' },
      },
    })
    expect(await refused).toEqual({ state: 'refused', reason: 'policy', message: 'not here' })
    const interrupted = run(agent, { stepId: 'c' })
    session.send({ finished: { commandId: (await session.command(3)).command.commandId, state: 'interrupted' } })
    expect(await interrupted).toEqual({ state: 'interrupted' })
    expect(await fixture.audited('command:refused')).toEqual([expect.stringContaining('policy, not here')])
  })

  it('reports progress', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const lines: string[] = []
    const running = run(agent, { onProgress: line => lines.push(line) })
    const { command } = await session.command()
    session.send({ progress: { commandId: command.commandId, line: 'installing' } })
    session.done(command, result)
    await running
    expect(lines).toEqual(['installing'])
  })

  it('sends identical bytes again after a reconnect', async () => {
    const agent = await fixture.enrolled()
    const first = await agent.connect()
    const running = run(agent)
    const before = await first.command()
    first.drop()
    const second = await agent.connect({ lastCommandSequence: 1 })
    const after = await second.command()
    expect(after.bytes.equals(before.bytes)).toBe(true)
    expect(after.signature.equals(before.signature)).toBe(true)
    second.done(after.command, result)
    expect(await running).toEqual({ state: 'done', result })
  })

  it('never issues a second command for a step, whoever asks', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const both = [run(agent), run(agent)]
    const { command } = await session.command()
    session.done(command, result)
    expect(await Promise.all(both)).toEqual([
      { state: 'done', result },
      { state: 'done', result },
    ])
    expect(await run(agent)).toEqual({ state: 'done', result })
    expect(session.received.filter(({ body }) => body === 'command')).toHaveLength(1)
  })

  it('waits for a node that is away, and says so when it stays away', async () => {
    const agent = await fixture.enrolled()
    await expect(run(agent, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    const running = run(agent)
    const session = await agent.connect()
    session.done((await session.command()).command, result)
    expect(await running).toEqual({ state: 'done', result })
  })

  it('tells whoever waits that a node went away in the middle of a command, and that it is back', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const lines: string[] = []
    const running = run(agent, { onProgress: line => lines.push(line) })
    await session.command()
    session.drop()
    await expect.poll(() => lines).toEqual(['is not connected; waiting for it to come back'])
    const again = await agent.connect({ lastCommandSequence: 1 })
    again.done((await again.command()).command, result)
    expect(await running).toEqual({ state: 'done', result })
    expect(lines).toEqual(['is not connected; waiting for it to come back', 'is connected again'])
  })

  it('says timeout when a connected node does not answer, and takes the late answer up', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    await expect(run(agent, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout' })
    const { dispatcher } = fixture.running.core
    const resumed = dispatcher.resume(step, { timeoutMs: 5000, signal: forever })
    session.done((await session.command()).command, result)
    expect(await resumed).toEqual({ state: 'done', result })
    expect(await dispatcher.resume({ ...step, attempt: 2 }, { timeoutMs: 1, signal: forever })).toBeNull()
  })

  it('lets go when its caller aborts, and leaves the command in flight', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const controller = new AbortController()
    const running = run(agent, { signal: controller.signal })
    const { command } = await session.command()
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    session.done(command, result)
    expect(await run(agent)).toEqual({ state: 'done', result })
  })

  it('replaces an envelope that expired before any agent saw it', async () => {
    const clock = new ManualClock(Date.now())
    await fixture.stop()
    await fixture.start({ clock })
    const agent = await fixture.enrolled()
    const first = await agent.connect({ agentTimeMs: clock.now() })
    const running = run(agent)
    const before = await first.command()
    first.drop()
    await expect.poll(() => fixture.running.core.sessions.isConnected(agent.nodeId)).toBe(false)
    await clock.advance(16 * 60_000)
    const second = await agent.connect({ lastCommandSequence: 0, agentTimeMs: clock.now() })
    const after = await second.command()
    expect(after.command).toMatchObject({ sequence: 2, stepId: before.command.stepId, attempt: before.command.attempt })
    expect(after.command.notAfter).toBeGreaterThan(clock.now())
    second.done(after.command, result)
    expect(await running).toEqual({ state: 'done', result })
  })

  it('does not accept an answer for a command of another node', async () => {
    const agent = await fixture.enrolled('node-1')
    const session = await agent.connect()
    const thief = await (await fixture.enrolled('node-2')).connect()
    const running = run(agent)
    const { command } = await session.command()
    thief.done(command, { stolen: true })
    await thief.next('ack')
    expect(await fixture.audited('command:foreign')).toHaveLength(1)
    session.done(command, result)
    expect(await running).toEqual({ state: 'done', result })
  })

  it('starts a re-imaged node at a new generation with nothing of the old one', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const running = run(agent)
    await session.command()
    const fresh = fixture.agent({ hostname: 'node-1' })
    await fresh.enrol(await fixture.token({ replaceNode: 'node-1' }))
    await fresh.connect()
    expect(await running).toEqual({ state: 'interrupted' })
  })

  it('refuses to sign for a node whose clock is minutes off', async () => {
    const agent = await fixture.enrolled()
    await agent.connect({ agentTimeMs: Date.now() - 600_000 })
    await expect(run(agent)).rejects.toMatchObject({ code: 'failed', message: expect.stringMatching(/-600 s off/) })
  })

  it('keeps secrets of arguments out of the store file', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const secret = 'hunter2-hunter2'
    const file = {
      path: '/f',
      owner: 'root',
      group: 'root',
      mode: '0600',
      content: secret,
      secret: true,
      reactions: [],
    }
    const running = run(agent, { args: { manifest: { ...EMPTY_MANIFEST, files: [file] }, dryRun: false } })
    const { command } = await session.command()
    const files = await Promise.all(['store.db', 'store.db-wal'].map(name => readFile(`${fixture.directory}/${name}`)))
    const stored = Buffer.concat(files)
    expect(stored.includes(command.commandId)).toBe(true)
    expect([secret, ...base64Forms(secret)].filter(form => stored.includes(form))).toEqual([])
    session.done(command, result)
    await running
  })

  function run(agent: FakeAgent, changes: Partial<RunRequest<'converge'>> = {}) {
    return fixture.running.core.dispatcher.run({ ...order(agent), signal: forever, ...changes })
  }
})

describe('an orchestrator that is killed while a command runs', () => {
  let fixture: OrchestratorFixture
  let orchestrator: KillableOrchestrator
  beforeEach(async () => {
    fixture = await OrchestratorFixture.create()
    await fixture.start()
  })
  afterEach(async () => {
    await orchestrator.kill()
    await fixture.remove()
  })

  it('takes the command up again: identical bytes, no second command, one result', async () => {
    const agent = await fixture.enrolled()
    await fixture.stop()

    orchestrator = await KillableOrchestrator.start(fixture.directory)
    const first = await moved(agent).connect()
    orchestrator.order(order(agent))
    const before = await first.command()
    await orchestrator.kill()

    orchestrator = await KillableOrchestrator.start(fixture.directory)
    orchestrator.order(order(agent))
    const second = await moved(agent).connect({ lastCommandSequence: 1 })
    const after = await second.command()
    expect(after.bytes.equals(before.bytes)).toBe(true)
    second.done(after.command, result)
    expect(await orchestrator.outcome()).toEqual({ state: 'done', result })
    expect(second.received.filter(({ body }) => body === 'command')).toHaveLength(1)
  })

  it('has the result after it was acknowledged, even when it is killed at once', async () => {
    const agent = await fixture.enrolled()
    await fixture.stop()
    orchestrator = await KillableOrchestrator.start(fixture.directory)
    const session = await moved(agent).connect()
    orchestrator.order(order(agent))
    session.done((await session.command()).command, result)
    await session.next('ack')
    await orchestrator.kill()
    orchestrator = await KillableOrchestrator.start(fixture.directory)
    orchestrator.order(order(agent))
    expect(await orchestrator.outcome()).toEqual({ state: 'done', result })
  })

  function moved(agent: FakeAgent): FakeAgent {
    const { ports } = orchestrator.ready
    return agent.movedTo({ enrolPort: ports.enrol, meshPort: ports.mesh })
  }
})

const step = { operationId: 'op-1', stepId: '01-01', attempt: 1 }

function order(agent: FakeAgent) {
  const args = { manifest: EMPTY_MANIFEST, dryRun: false }
  return { ...step, nodeId: agent.nodeId, kind: 'converge' as const, args, timeoutMs: 20_000 }
}

/** How a text looks inside base64, for each of its three alignments. */
function base64Forms(text: string): readonly string[] {
  return [0, 1, 2].map(shift =>
    Buffer.from('\0'.repeat(shift) + text)
      .toString('base64')
      .slice(4, -4),
  )
}
