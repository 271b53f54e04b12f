import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  putAllocations,
  putAppliedSettings,
  putAppliedSpec,
  putManifest,
} from '../../orchestrator/inventory/fleet-state.ts'
import { expectationOf } from '../../orchestrator/operation/drift/expectation.ts'
import type { Look } from '../../shared/domain/look.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import { contentHash } from '../../shared/lib/hash.ts'
import { runCli } from '../support/cli-run.ts'
import type { FakeSession } from '../support/fake-session.ts'
import { HEARTBEAT_MS, OrchestratorFixture } from '../support/orchestrator-fixture.ts'
import { afterSteps, planned, specOf } from '../support/plan-runner.ts'
import { aSnapshot, nodes } from '../support/snapshot-builder.ts'

/** A fleet of one node that an apply was made for, whose agent says what the test wants. */
describe('drift of a cluster, from agent to command line', () => {
  let fixture: OrchestratorFixture
  beforeEach(async () => {
    fixture = await OrchestratorFixture.create()
    await fixture.start()
  })
  let beat: ReturnType<typeof setInterval> | undefined
  afterEach(async () => {
    clearInterval(beat)
    await fixture.remove()
  })

  const spec = specOf(
    '  - name: pg\n    members: 1\n    durability: async\n    users: [{ name: app }]\n    parameters: { work_mem: 8MB }',
    '{ members: 1 }',
  )

  const fleet = aSnapshot({ nodes: nodes(1) })
  const draft = planned(spec, fleet)
  const after = afterSteps(fleet, draft)

  async function applied() {
    const agent = await fixture.enrolled()
    const { core } = fixture.running
    const known = after.nodes[0]?.manifest
    if (known === undefined) throw new Error('nothing was applied')
    // Without secrets, which the orchestrator would have to make first.
    const manifest: Manifest = JSON.parse(JSON.stringify(known).replaceAll(/\$\{(secret|scram):[^}]*\}/g, 'word'))
    const named = JSON.parse(JSON.stringify(after.allocations).replaceAll('"id-node-1"', JSON.stringify(agent.nodeId)))
    await core.store.txn({
      success: [
        putAllocations(named),
        putAppliedSpec(spec),
        putAppliedSettings(draft.settings),
        putManifest(agent.nodeId, { manifest, operationId: 'op', appliedAt: 1 }),
      ],
    })
    const expectation = expectationOf('pg', { ...after, appliedSettings: await core.state.appliedSettings() })
    if (expectation === undefined) throw new Error('pg was applied')
    const session = await agent.connect()
    beat = setInterval(() => session.send({ heartbeat: { agentTimeMs: Date.now() } }), HEARTBEAT_MS / 2)
    const instance = { cluster: 'pg', instance: 'pg-1', role: 'primary', state: 'running', poolers: [], services: [] }
    session.send({
      observationJson: Buffer.from(JSON.stringify({ observedAt: Date.now(), instances: [instance] })),
    })
    return { session, manifest, config: expectation.config }
  }

  /** Answers the next question: the host is as it was applied, and the server is like this. */
  async function answer(
    session: FakeSession,
    {
      number,
      manifest,
      config,
      contents,
    }: {
      readonly number: number
      readonly manifest: Manifest
      readonly config: Readonly<Record<string, unknown>>
      readonly contents: string
    },
  ): Promise<void> {
    const { lookNow } = await session.next('lookNow', number)
    const survey = {
      settings: [],
      hba: { lines: [], errors: [], isUnread: false },
      slots: [],
      config,
      members: [{ name: 'pg-1', tags: {} }],
    }
    const look: Look = {
      answers: lookNow?.number ?? 0,
      drift: { checkedAt: Date.now(), manifestHash: contentHash(manifest), items: [] },
      servers: [{ instance: 'pg-1', digest: contentHash(survey), survey, contents }],
    }
    session.send({ lookJson: Buffer.from(JSON.stringify(look)) })
  }

  it('is shown with who repairs it; users are compared by a signed dry run, and only when they have changed', async () => {
    const { session, manifest, config } = await applied()
    const changed = { ...config, ttl: 77 }
    const asked = fixture.api.Drift({ node: 'pg' })
    await answer(session, { number: 1, manifest, config: changed, contents: 'one' })
    const { command } = await session.command()
    expect(command).toMatchObject({ kind: 'postgres.provision', args: { instance: 'pg-1', dryRun: true } })
    const difference = { object: 'user app', property: 'createdb', expected: 'no', found: 'yes' }
    session.done(command, { dryRun: true, changes: ['alter role app (createdb)'], differences: [difference] })
    const { nodes: hosts, clusters } = await asked
    expect(hosts).toMatchObject([{ node: 'node-1', state: 'ok' }])
    const items = clusters.flatMap(each => each.items)
    expect(clusters).toMatchObject([{ cluster: 'pg', state: 'drifted', unknown: [] }])
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'configuration', name: 'ttl', expected: '30', found: '77', repairedBy: 'apply' }),
    )
    expect(items).toContainEqual(expect.objectContaining({ kind: 'object', name: 'user app: createdb', found: 'yes' }))

    const again = runCli(['drift', 'pg', '--exit-code'], { api: fixture.api })
    await answer(session, { number: 2, manifest, config: changed, contents: 'one' })
    const { out, code } = await again
    expect(code).toBe(10)
    expect(out).toContain('node-1: ok')
    expect(out).toContain('pg: drifted')
    expect(out).toMatch(/configuration ttl +30 +77 +drover apply/)
    expect(session.received.filter(({ body }) => body === 'command')).toHaveLength(1)
    expect(await fixture.running.core.dispatcher.operations()).toEqual(new Set())
  })

  it('is not looked for in what an operation is just changing, nor in what nobody has', async () => {
    const { session, manifest, config } = await applied()
    await fixture.running.core.store.txn({
      success: [{ kind: 'put', key: 'locks/cluster/pg', value: Buffer.from('{}') }],
    })
    const asked = fixture.api.Drift({ node: 'pg' })
    await answer(session, { number: 1, manifest, config, contents: 'one' })
    expect((await asked).clusters).toMatchObject([{ cluster: 'pg', state: 'unknown', items: [] }])
    await expect(fixture.api.Drift({ node: 'nobody' })).rejects.toMatchObject({ code: 'not-found' })
  })
})
