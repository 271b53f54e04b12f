import { describe, expect, it } from 'vitest'
import type { AgentsReport } from '../../../../shared/domain/agent-upgrade.ts'
import type { CampaignControl } from '../../../../shared/domain/campaign.ts'
import type { CommandArgs, CommandOutcome } from '../../../../shared/domain/command.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { SnapshotNode } from '../../../../shared/domain/snapshot.ts'
import { engineTools, TEST_OPERATION } from '../../../../test/support/engine-tools.ts'
import { createRandom } from '../../../../test/support/random.ts'
import { temporaryStore } from '../../../../test/support/temporary-store.ts'
import { testingInput } from '../../../plan/render/testing-input.ts'
import { readCampaignStory } from '../../campaign-story.ts'
import { type EngineTools, runOperation } from '../../engine.ts'
import { agentsOf, agentsRequest } from './requested-upgrade-agents.ts'
import { upgradeAgents } from './upgrade-agents.ts'

describe('an upgrade of agents', () => {
  it('takes every host to the newest version, and none goes back afterwards', async () => {
    await using world = createWorld(12)
    const { output } = await world.run({})
    expect(output?.agents.map(({ result }) => result)).toEqual(Array(12).fill('upgraded'))
    world.pass(3_600_000)
    expect(new Set(world.versions())).toEqual(new Set(['0.2.0']))
    expect(world.most).toBeLessThanOrEqual(10)
  })

  it('ends with the canary when its new agent never connects, and the host goes back by itself', async () => {
    await using world = createWorld(12)
    world.behaves = (_node, version) => (version === '0.2.0' ? 'mute' : 'well')
    const { status } = await world.run({ canaries: ['node-05'] })
    expect(JSON.stringify(status)).toContain('node-05: agent 0.2.0 did not connect within 180 s; 0.2.0 was given up')
    expect(world.switched).toEqual(['node-05'])
    expect(new Set(world.versions())).toEqual(new Set(['0.1.0']))
  })

  it('does not keep an agent that connects and goes away again, or that answers no command', async () => {
    for (const [how, said] of [
      ['leaving', 'connected and went away again'],
      ['deaf', 'it does not answer'],
    ] as const) {
      await using world = createWorld(3)
      world.behaves = (_node, version) => (version === '0.2.0' ? how : 'well')
      const { status } = await world.run({})
      expect(JSON.stringify(status)).toContain(said)
      expect(world.switched).toHaveLength(1)
      expect(new Set(world.versions())).toEqual(new Set(['0.1.0']))
    }
  })

  it('asks a host again that is in the middle of something, and leaves out who is not there', async () => {
    await using world = createWorld(3)
    world.busy = 4
    world.unplug('node-02')
    const { output } = await world.run({})
    expect(output?.agents.map(({ node, result }) => `${node} ${result}`).toSorted()).toEqual([
      'node-00 upgraded',
      'node-01 upgraded',
      'node-02 left',
    ])
  })

  it('begins nobody in a pause, and obeys caps that change', async () => {
    await using world = createWorld(20)
    let looks = 0
    world.control = () => {
      if (world.switched.length < 1) return undefined
      looks += 1
      return { paused: looks < 50, caps: { fleet: 2, node: 1, labels: {} } }
    }
    expect((await world.run({ soakSeconds: 1 })).status.state).toBe('done')
    expect(looks).toBeGreaterThan(50)
    expect(world.most).toBe(2)
  })

  it('can be told with its waves and hosts, before, in the middle and after a host went back', async () => {
    await using world = createWorld(6)
    world.unplug('node-01')
    await world.run({ soakSeconds: 1 })
    const { of, waves, clusters } = await world.story()
    expect(of).toBe('agents')
    expect(waves.map(({ name }) => name)).toEqual(['canary', 'wave 2 of 3', 'wave 3 of 3'])
    expect(waves.every(({ begunAt, endedAt }) => begunAt !== undefined && endedAt !== undefined)).toBe(true)
    expect(clusters.map(({ cluster, state, version }) => `${cluster} ${state} ${version}`)).toEqual([
      'node-00 upgraded 0.2.0',
      'node-02 upgraded 0.2.0',
      'node-03 upgraded 0.2.0',
      'node-04 upgraded 0.2.0',
      'node-05 upgraded 0.2.0',
    ])
    expect(clusters.map(({ phases }) => phases.map(({ kind }) => kind).join(' '))).toEqual(
      Array(5).fill('prepare members watch'),
    )
    await using bad = createWorld(3)
    bad.behaves = (_node, version) => (version === '0.2.0' ? 'mute' : 'well')
    await bad.run({})
    expect((await bad.story()).clusters.map(({ cluster, state }) => `${cluster} ${state}`)).toEqual([
      'node-00 back',
      'node-01 waiting',
      'node-02 waiting',
    ])
    // Another one that has not looked yet: it is the one that runs.
    expect(await bad.storyOf({})).toMatchObject({ operationId: 'op-2', state: 'pending', waves: [], clusters: [] })
    expect(await bad.story()).toMatchObject({ operationId: 'op-2' })
  })

  it('goes to an older version only when somebody names it', async () => {
    await using world = createWorld(2)
    await world.run({})
    world.offers = ['0.1.0']
    expect((await world.runAnother({})).output?.agents.map(({ result }) => result)).toEqual(['left', 'left'])
    expect((await world.runAnother({ to: '0.1.0' })).output?.agents.map(({ result }) => result)).toEqual([
      'upgraded',
      'upgraded',
    ])
    expect(JSON.stringify((await world.runAnother({ to: '0.7.0' })).status)).toContain(
      'the fleet repository has no agent 0.7.0; it has 0.1.0',
    )
  })

  it('goes on after any number of kills of the orchestrator, and switches no host twice', async () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      await using world = createWorld(9)
      const { status } = await world.runKilled({ soakSeconds: 1 }, { kills: 15, seed })
      expect(status.state).toBe('done')
      world.pass(3_600_000)
      expect(new Set(world.versions())).toEqual(new Set(['0.2.0']))
      expect(world.switched.toSorted()).toEqual(world.names)
    }
  })
})

type Behaviour = 'well' | 'mute' | 'leaving' | 'deaf'

interface Host {
  version: string
  /** Of the version that runs. */
  startedAt: number
  /** Where it goes back to, and when. */
  back: { readonly version: string; readonly at: number } | null
  gaveUp: string | null
  isUnplugged: boolean
}

/** Hosts that go back by themselves, in a time that passes as somebody sleeps. */
function createWorld(count: number) {
  const temporary = temporaryStore()
  const names = Array.from({ length: count }, (_, index) => `node-${String(index).padStart(2, '0')}`)
  const hosts = new Map<string, Host>(
    names.map(name => [name, { version: '0.1.0', startedAt: 0, back: null, gaveUp: null, isUnplugged: false }]),
  )
  const answers = new Map<string, CommandOutcome>()
  let now = 1_000_000
  let operations = 0
  let underWay = 0
  const world = {
    names,
    switched: [] as string[],
    most: 0,
    busy: 0,
    offers: ['0.1.0', '0.2.0'],
    behaves: (_node: string, _version: string): Behaviour => 'well',
    control: (): CampaignControl | undefined => undefined,
    versions: () => [...hosts.values()].map(({ version }) => version),
    unplug: (name: string) => {
      hostOf(name).isUnplugged = true
    },
    pass,
    run,
    runAnother: run,
    story: () => readCampaignStory(undefined, { journal: tools().journal, now }),
    storyOf: async (request: object) => readCampaignStory(await begin(request), { journal: tools().journal, now }),
    runKilled,
    [Symbol.asyncDispose]: temporary[Symbol.asyncDispose],
  }
  return world

  async function run(request: object) {
    const id = await begin(request)
    await turn(id, new AbortController().signal)
    return ended(id)
  }

  async function runKilled(request: object, { kills, seed }: { readonly kills: number; readonly seed: number }) {
    const random = createRandom(seed)
    const id = await begin(request)
    for (let killed = 0; killed < kills && (await ended(id)).status.state !== 'done'; killed += 1) {
      const stop = new AbortController()
      const running = turn(id, stop.signal)
      for (let step = Math.floor(random() * 30); step > 0; step -= 1) await new Promise(setImmediate)
      stop.abort()
      await running
    }
    if ((await ended(id)).status.state !== 'done') await turn(id, new AbortController().signal)
    return ended(id)
  }

  async function begin(request: object): Promise<string> {
    operations += 1
    const id = `op-${operations}`
    const nodes = names.map(
      (name): SnapshotNode => ({ id: name, name, state: 'ready', address: '', labels: {}, os: 'debian13' }),
    )
    const { snapshot } = testingInput()
    const repository = { urls: { debian13: 'http://fleet/debian13' }, suite: 'drover', key: '' }
    const input = agentsOf(agentsRequest.parse(request), { ...snapshot, nodes, repository })
    const record = { ...TEST_OPERATION, id, kind: 'upgrade-agents', clusters: [], locks: [] }
    await tools().journal.create({ record, steps: [], input, decisions: [] })
    return id
  }

  async function turn(id: string, stopping: AbortSignal): Promise<void> {
    await runOperation({ id, kind: upgradeAgents, tools: tools(), signal: stopping, stopping })
  }

  async function ended(id: string) {
    const { status } = await tools().journal.operation(id)
    return { status, output: 'output' in status ? (status.output as AgentsReport) : undefined }
  }

  function pass(ms: number): void {
    now += ms
    for (const host of hosts.values()) {
      if (host.back === null || now < host.back.at) continue
      Object.assign(host, { version: host.back.version, back: null, gaveUp: host.version, startedAt: now })
    }
  }

  function hostOf(name: string): Host {
    const host = hosts.get(name)
    if (host === undefined) throw new Error(name)
    return host
  }

  function isConnected(name: string): boolean {
    const { version, startedAt, isUnplugged } = hostOf(name)
    const behaviour = world.behaves(name, version)
    const lived = now - startedAt
    if (isUnplugged || behaviour === 'mute') return false
    return lived >= 2_000 && !(behaviour === 'leaving' && lived > 6_000)
  }

  function perform(name: string, kind: string, args: unknown): CommandOutcome {
    const host = hostOf(name)
    if (!isConnected(name)) return failed('unavailable', 'it is not connected')
    const { version: to, keepWithinMs } = args as CommandArgs<'agent.switch'>
    if (kind === 'agent.stage') return { state: 'done', result: { running: host.version, tookMs: 1 } }
    if (kind === 'agent.switch') {
      if (host.version === to) return { state: 'done', result: { running: to, restarts: false } }
      if (world.busy-- > 0) return { ...failed('locked', 'it is busy'), retryable: true }
      const back = { version: host.version, at: now + keepWithinMs }
      Object.assign(host, { version: to, back, gaveUp: null, startedAt: now })
      world.switched.push(name)
      underWay = [...hosts.values()].filter(each => each.back !== null).length
      world.most = Math.max(world.most, underWay)
      return { state: 'done', result: { running: back.version, restarts: true } }
    }
    if (world.behaves(name, host.version) === 'deaf') return failed('timeout', 'it does not answer')
    if (host.version !== to) return failed('conflict', `${host.gaveUp} was given up`)
    host.back = null
    return { state: 'done', result: {} }
  }

  function failed(code: string, message: string) {
    return { state: 'failed', code, message, retryable: false } as const
  }

  function tools(): EngineTools {
    const plain = engineTools(temporary.store)
    return {
      ...plain,
      runner: {
        ...plain.runner,
        run: async ({ nodeId, kind, args, operationId, stepId, attempt, signal }) => {
          await new Promise(setImmediate)
          if (signal.aborted) throw new DroverError('aborted', 'the orchestrator ends')
          const key = `${operationId} ${stepId} ${attempt}`
          const outcome = answers.get(key) ?? perform(nodeId, kind, args)
          answers.set(key, outcome)
          return outcome
        },
      },
      fleet: {
        ...plain.fleet,
        campaignControl: async () => world.control(),
        agent: async id => ({ version: hostOf(id).version, connected: isConnected(id) }),
      },
      shelf: { ...plain.shelf, offers: async () => ({ 'drover-agent': world.offers }) },
      clock: {
        now: () => now,
        monotonic: () => now,
        sleep: async (_ms, signal) => {
          await new Promise(setImmediate)
          signal.throwIfAborted()
          pass(100)
        },
      },
    }
  }
}
