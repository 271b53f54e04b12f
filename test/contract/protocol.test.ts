import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { COMMAND_KINDS } from '../../shared/domain/command.ts'
import { knownKinds, PROTOCOL, protocolGap } from '../../shared/domain/protocol.ts'
import { messageType } from '../../shared/wire/definitions.ts'
import type { FakeAgent } from '../support/fake-agent.ts'
import { OrchestratorFixture } from '../support/orchestrator-fixture.ts'

const forever = new AbortController().signal
/** Field 1999, a text: what no side knows yet. */
const UNKNOWN_FIELD = Buffer.from([0xfa, 0x7c, 0x03, 0x6e, 0x65, 0x77])

describe('an orchestrator and agents of other versions', () => {
  let fixture: OrchestratorFixture
  beforeEach(async () => {
    fixture = await OrchestratorFixture.create()
    await fixture.start()
  })
  afterEach(() => fixture.remove())

  it('sends an agent that names no commands what agents have always known, and nothing else', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect({ agentVersion: '0.1.0' })
    await expect(run(agent, 'agent.keep', { version: '0.2.0' })).rejects.toMatchObject({
      code: 'conflict',
      retryable: false,
      message: 'agent 0.1.0 of node-1 is too old for it: it knows no agent.keep',
      hint: expect.stringContaining('drover upgrade agents'),
    })
    const collecting = run(agent, 'facts.collect', {})
    const { command } = await session.command()
    expect(command.kind).toBe('facts.collect')
    session.done(command, {})
    expect(await collecting).toEqual({ state: 'done', result: {} })
    expect(session.received.filter(({ body }) => body === 'command')).toHaveLength(1)
  })

  it('works with an agent that is newer: commands, fields and messages of the future are no trouble', async () => {
    const agent = await fixture.enrolled()
    const session = await agent.connect({
      protocol: PROTOCOL + 1,
      commandKinds: [...COMMAND_KINDS, 'postgres.make-coffee'],
    })
    // A body that this side does not know arrives as none.
    session.send({})
    session.send({ observationJson: Buffer.from('{"observedAt":1,"instances":[],"moods":["fine"]}') })
    const keeping = run(agent, 'agent.keep', { version: '0.2.0' })
    const { command } = await session.command()
    session.done(command, { moods: ['fine'] })
    expect(await keeping).toMatchObject({ state: 'done' })
  })

  it('takes a command back that a host was to get before it went back to an older agent', async () => {
    const agent = await fixture.enrolled()
    const first = await agent.connect({ commandKinds: [...COMMAND_KINDS] })
    const running = run(agent, 'agent.keep', { version: '0.2.0' })
    await first.command()
    first.drop()
    const second = await agent.connect({ agentVersion: '0.1.0', commandKinds: [...knownKinds([])] })
    expect(await running).toMatchObject({ state: 'failed', code: 'conflict' })
    expect(second.received.some(({ body }) => body === 'command')).toBe(false)
  })

  it('says so when an agent is too far away', async () => {
    const agent = await fixture.enrolled()
    await expect(agent.connect({ protocol: PROTOCOL + 2, agentVersion: '9.0.0' })).rejects.toThrow(
      `the agent 9.0.0 of node-1 speaks protocol ${PROTOCOL + 2}, this orchestrator ${PROTOCOL}`,
    )
  })

  async function run<K extends 'agent.keep' | 'facts.collect'>(agent: FakeAgent, kind: K, args: object) {
    return fixture.running.core.dispatcher.run({
      operationId: 'op-1',
      stepId: kind,
      attempt: 1,
      nodeId: agent.nodeId,
      kind,
      args: args as never,
      timeoutMs: 8_000,
      signal: forever,
    })
  }
})

describe('a message', () => {
  it.each(['AgentMessage', 'ServerMessage'] as const)('%s of another version keeps what this one knows', name => {
    const type = messageType(name)
    const body = name === 'AgentMessage' ? { sequence: 7, accepted: { commandId: 'c' } } : { ack: { commandId: 'c' } }
    const bytes = type.serialize(body)
    const nested = Buffer.concat([bytes, UNKNOWN_FIELD])
    expect(type.deserialize(nested)).toEqual(type.deserialize(bytes))
    expect(type.deserialize(UNKNOWN_FIELD)).not.toHaveProperty('body')
  })

  it('of an agent without a protocol is of the first', () => {
    const type = messageType('Hello')
    const hello = type.deserialize(type.serialize({ nodeId: 'n' }))
    expect(hello).toMatchObject({ nodeId: 'n', protocol: 0, commandKinds: [] })
    expect([0, 1, 2, 3, 4].map(theirs => protocolGap(theirs, 2))).toEqual([null, null, null, null, 'newer'])
    expect([0, 1, 2].map(theirs => protocolGap(theirs, 3))).toEqual(['older', 'older', null])
  })

  it('that names commands is believed, word for word', () => {
    expect([...knownKinds(['converge', 'of.tomorrow'])]).toEqual(['converge', 'of.tomorrow'])
    const first = knownKinds([])
    expect(first.size).toBe(27)
    expect(COMMAND_KINDS).toEqual(expect.arrayContaining([...first]))
    expect(['agent.switch', 'component.renew'].filter(kind => first.has(kind))).toEqual([])
  })
})
