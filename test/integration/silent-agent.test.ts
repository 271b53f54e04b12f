import { afterEach, beforeEach, expect, it } from 'vitest'
import { runOperation } from '../../orchestrator/operation/engine.ts'
import { createEventStory } from '../../orchestrator/operation/event-story.ts'
import { createJournal } from '../../orchestrator/operation/journal.ts'
import type { OperationKind } from '../../orchestrator/operation/program.ts'
import { EMPTY_MANIFEST } from '../../shared/domain/manifest.ts'
import { engineTools, TEST_OPERATION } from '../support/engine-tools.ts'
import { OrchestratorFixture } from '../support/orchestrator-fixture.ts'

let fixture: OrchestratorFixture
beforeEach(async () => {
  fixture = await OrchestratorFixture.create()
  await fixture.start()
})
afterEach(() => fixture.remove())

it.each([
  { isSo: false, ends: { state: 'failed', failure: { code: 'timeout' } } },
  { isSo: true, ends: { state: 'done', output: 'it was so' } },
])(
  'an agent that takes a command and never answers: what is so decides, $isSo, and a late answer changes nothing',
  async story => {
    const agent = await fixture.enrolled()
    const session = await agent.connect()
    const { core } = fixture.running
    const events = createEventStory(core.events)
    const journal = createJournal(core.store, events)
    const tools = engineTools(core.store, { runner: core.dispatcher, story: events, journal })
    const kind: OperationKind<never, string> = {
      kind: 'test',
      async run(_, op) {
        op.phase('work')
        const output = await op.step({
          title: 'tell the agent',
          nodeId: agent.nodeId,
          attempts: 1,
          deadlineMs: 800,
          async act({ runner, operationId, stepId, attempt, signal }) {
            const args = { manifest: EMPTY_MANIFEST, dryRun: true }
            const command = { nodeId: agent.nodeId, kind: 'converge', args, operationId, stepId, attempt } as const
            await runner.run({ ...command, timeoutMs: 60_000, signal })
            return { result: 'answered', detail: 'answered' }
          },
          check: async () => (story.isSo ? { result: 'it was so', detail: 'found' } : null),
        })
        return { output }
      },
    }
    await journal.create({ record: TEST_OPERATION, steps: [], input: null, decisions: [] })
    const { id } = TEST_OPERATION
    const { signal } = new AbortController()
    const running = runOperation({ id, kind, tools, signal, stopping: signal })
    const { command } = await session.command()
    session.send({ accepted: { commandId: command.commandId } })
    await running
    expect((await journal.operation(id)).status).toMatchObject(story.ends)
    expect((await core.store.range('locks/')).entries).toEqual([])

    session.done(command, { dryRun: true, items: [] })
    expect((await session.next('ack')).ack?.commandId).toBe(command.commandId)
    expect((await journal.operation(id)).status).toMatchObject(story.ends)
    for (const prefix of ['outcomes/', 'sealed/commands/']) expect((await core.store.range(prefix)).entries).toEqual([])
  },
)
