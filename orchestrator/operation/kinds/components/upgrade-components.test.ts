import { describe, expect, it } from 'vitest'
import type { CampaignControl } from '../../../../shared/domain/campaign.ts'
import type { ComponentsReport } from '../../../../shared/domain/component.ts'
import { engineTools, TEST_OPERATION } from '../../../../test/support/engine-tools.ts'
import { createRandom } from '../../../../test/support/random.ts'
import { temporaryStore } from '../../../../test/support/temporary-store.ts'
import { testingInput } from '../../../plan/render/testing-input.ts'
import { readCampaignStory } from '../../campaign-story.ts'
import { CANCELLED, type EngineTools, runOperation } from '../../engine.ts'
import { componentsOf, componentsRequest } from './requested-upgrade-components.ts'
import { createHosts, NEXT } from './testing-hosts.ts'
import { upgradeComponents } from './upgrade-components.ts'

describe('an upgrade of components', () => {
  it('takes every host to the newest version, component after component, first of all one canary of each', async () => {
    await using world = createWorld({ clusters: 4, nodes: 12 })
    const { output } = await world.run({})
    expect(output?.changes).toHaveLength(48)
    expect(output?.changes.every(({ result }) => result === 'upgraded')).toBe(true)
    const order = [...new Set(world.hosts.begun.map(each => each.split(' ')[0]))]
    expect(order).toEqual(['haproxy', 'etcd', 'patroni', 'pgbouncer'])
    expect(world.hosts.versions()).toEqual(new Set([NEXT]))
    for (const component of order) {
      const turns = world.hosts.begun.filter(each => each.startsWith(`${component} `))
      expect(new Set(turns).size).toBe(12)
      // The canary was alone.
      expect(world.hosts.besides.get(turns[0] ?? '')).toBe(0)
      expect(world.hosts.besides.get(turns[1] ?? '')).toBe(0)
    }
  })

  it('has at most so many hosts under way, in the fleet and in a zone, one of a cluster, and one voter', async () => {
    await using world = createWorld({ clusters: 12, nodes: 36 })
    await world.run({ caps: { fleet: 6, labels: { zone: 3 } } })
    expect(world.hosts.most.fleet).toBeGreaterThan(2)
    expect(world.hosts.most.fleet).toBeLessThanOrEqual(6)
    expect(world.hosts.most.zone).toBeLessThanOrEqual(3)
    expect(world.hosts.most.cluster).toBe(1)
    expect(world.hosts.most.etcd).toBe(1)
  })

  it('begins no other when a host fails, which has taken itself back, unless the budget allows it', async () => {
    await using world = createWorld({ clusters: 4, nodes: 12 })
    world.hosts.fails = what => what === 'haproxy of node-01'
    const { status } = await world.run({ canaries: ['node-01'] })
    expect(JSON.stringify(status)).toContain('with 0 of 48 upgraded: haproxy of node-01: it does not start')
    expect(world.hosts.begun).toEqual(['haproxy of node-01'])
    await using lenient = createWorld({ clusters: 4, nodes: 12 })
    lenient.hosts.fails = what => what === 'haproxy of node-01'
    const { output } = await lenient.run({ budget: 1 })
    expect(output?.changes.filter(({ result }) => result === 'failed').map(({ node }) => node)).toEqual(['node-01'])
    expect(output?.changes).toHaveLength(48)
  })

  it('takes a host back whose services are down while its wave is watched, and begins no other', async () => {
    await using world = createWorld({ clusters: 4, nodes: 12 })
    world.hosts.sick = (node, component, version) =>
      node === 'node-05' && component === 'haproxy' && version === NEXT ? 'service' : null
    const { status } = await world.run({ canaries: ['node-05', 'node-07'], soakSeconds: 60 })
    expect(JSON.stringify(status)).toContain(
      'haproxy of node-05: primary:5433 of pg-1-3 is down; it runs again what it ran before',
    )
    expect(world.hosts.begun.toSorted()).toEqual(['haproxy of node-05', 'haproxy of node-07'])
    expect(world.hosts.takenBack).toEqual(['haproxy of node-05'])
    const { clusters } = await world.story()
    const of = (name: string) => clusters.find(({ cluster, component }) => cluster === name && component === 'haproxy')
    expect(of('node-05')).toMatchObject({
      state: 'back',
      because: 'primary:5433 of pg-1-3 is down; it runs again what it ran before',
    })
    expect(of('node-07')).toMatchObject({ state: 'upgraded', version: NEXT })
    expect(of('node-08')).toMatchObject({ state: 'waiting' })
  })

  it('takes a host back when a cluster of it is not well, or its voter; who was not well before is not judged', async () => {
    await using world = createWorld({ clusters: 4, nodes: 12 })
    world.hosts.sick = (node, component, version) =>
      node === 'node-03' && component === 'patroni' && version === NEXT ? 'server' : null
    const { status } = await world.run({ components: ['patroni'] })
    expect(JSON.stringify(status)).toContain('pg-1-1 is crashed')
    expect(world.hosts.takenBack).toEqual(['patroni of node-03'])
    await using voter = createWorld({ clusters: 4, nodes: 12 })
    voter.hosts.sick = (node, component, version) =>
      node === 'node-02' && component === 'etcd' && version === NEXT ? 'voter' : null
    expect(JSON.stringify((await voter.run({ components: ['etcd'] })).status)).toContain(
      'etcd of node-02: etcd is not well: request timed out',
    )
    await using ill = createWorld({ clusters: 4, nodes: 12 })
    ill.hosts.sick = (node, component) => (node === 'node-03' && component === 'patroni' ? 'server' : null)
    expect((await ill.run({ components: ['patroni'] })).status.state).toBe('done')
  })

  it('watches the rest of a wave again once one has gone back, and takes back what shows only then', async () => {
    await using world = createWorld({ clusters: 4, nodes: 12 })
    const { hosts } = world
    hosts.sick = (node, component, version) => {
      if (component !== 'patroni' || version !== NEXT) return null
      return node === 'node-03' || (node === 'node-06' && hosts.takenBack.length > 0) ? 'server' : null
    }
    const { status } = await world.run({ components: ['patroni'], canaries: ['node-03', 'node-06', 'node-09'] })
    expect(hosts.takenBack).toEqual(['patroni of node-03', 'patroni of node-06'])
    expect(hosts.begun.toSorted()).toEqual(['patroni of node-03', 'patroni of node-06', 'patroni of node-09'])
    expect(JSON.stringify(status)).toMatch(
      /patroni of node-03: pg-1-1 is crashed; .*patroni of node-06: pg-2-1 is crashed/,
    )
  })

  it('waits in a pause, and obeys caps that change', async () => {
    await using world = createWorld({ clusters: 8, nodes: 24 })
    let looks = 0
    world.control = () => {
      if (world.hosts.begun.length < 4) return undefined
      looks += 1
      return { paused: looks < 60, caps: { fleet: world.hosts.begun.length < 10 ? 1 : 3, node: 1, labels: {} } }
    }
    const { status } = await world.run({ components: ['haproxy'], caps: { fleet: 1 } })
    expect(status.state).toBe('done')
    expect(looks).toBeGreaterThan(60)
    expect(world.hosts.most.fleet).toBe(3)
  })

  it('begins hosts only in a maintenance window', async () => {
    await using world = createWorld({ clusters: 1, nodes: 3 })
    // The clock begins in the first minutes of 1970, a Thursday.
    const { status } = await world.run({ components: ['haproxy'], windows: ['Thu 01:00-02:00'] })
    expect(status.state).toBe('done')
    expect(world.firstBegunAt).toBeGreaterThanOrEqual(3_600_000)
  })

  it('goes on after any number of kills, and begins no host twice', async () => {
    await using world = createWorld({ clusters: 4, nodes: 12 })
    const { killed, status } = await world.runKilled({ caps: { fleet: 4 } }, 20)
    expect(status.state).toBe('done')
    expect(killed).toBeGreaterThan(5)
    expect(new Set(world.hosts.begun).size).toBe(world.hosts.begun.length)
    expect(world.hosts.begun).toHaveLength(48)
    expect(world.hosts.most.fleet).toBeLessThanOrEqual(4)
    expect(world.hosts.most.etcd).toBe(1)
  })

  it('begins no further host once somebody has ended it, and takes nothing back', async () => {
    await using world = createWorld({ clusters: 4, nodes: 12 })
    const { status } = await world.runAborted({ components: ['haproxy'], caps: { fleet: 3 } }, 5)
    expect(status).toMatchObject({ state: 'cancelled' })
    expect(world.hosts.begun.length).toBeGreaterThanOrEqual(5)
    expect(world.hosts.begun.length).toBeLessThan(12)
    expect(world.hosts.takenBack).toEqual([])
    const states = new Set((await world.story()).clusters.map(({ state }) => state))
    expect(states).toContain('upgraded')
    expect(states).toContain('waiting')
  })

  it('can be told with its waves and hosts, before and after it looked', async () => {
    await using world = createWorld({ clusters: 2, nodes: 6 })
    await world.begin({ components: ['haproxy'] })
    expect(await world.story()).toMatchObject({ of: 'components', state: 'pending', waves: [], clusters: [] })
    await using done = createWorld({ clusters: 2, nodes: 6 })
    await done.run({ components: ['haproxy'] })
    const { waves, clusters } = await done.story()
    expect(waves.map(({ name }) => name)).toEqual([
      'haproxy: canary',
      'haproxy: wave 1 of 3',
      'haproxy: wave 2 of 3',
      'haproxy: wave 3 of 3',
    ])
    expect(waves.every(({ watchedAt, endedAt }) => watchedAt !== undefined && endedAt !== undefined)).toBe(true)
    expect(clusters.map(({ state, version }) => `${state} ${version}`)).toEqual(Array(6).fill(`upgraded ${NEXT}`))
  })

  it('waits for a lock that somebody else holds', async () => {
    await using world = createWorld({ clusters: 1, nodes: 3 })
    world.hosts.locked = 3
    expect((await world.run({ components: ['haproxy'] })).status.state).toBe('done')
    expect(world.hosts.locked).toBe(0)
  })
})

/** Hosts in a time that passes as somebody sleeps, and an orchestrator that can be killed. */
function createWorld(size: { readonly clusters: number; readonly nodes: number }) {
  const temporary = temporaryStore()
  const random = createRandom(11)
  const hosts = createHosts({ ...size, random })
  let now = 0
  const world = {
    hosts,
    control: (): CampaignControl | undefined => undefined,
    firstBegunAt: Number.NaN,
    begin,
    run,
    runKilled,
    runAborted,
    story: () => readCampaignStory(undefined, { journal: tools().journal, now }),
    [Symbol.asyncDispose]: temporary[Symbol.asyncDispose],
  }
  return world

  async function run(request: object) {
    await begin(request)
    await turn(new AbortController().signal)
    return ended()
  }

  async function runKilled(request: object, kills: number) {
    await begin(request)
    let killed = 0
    for (; killed < kills && (await ended()).status.state !== 'done'; killed += 1) {
      const stop = new AbortController()
      const running = turn(stop.signal)
      for (let step = Math.floor(random() * 60); step > 0; step -= 1) await new Promise(setImmediate)
      stop.abort()
      await running
    }
    if ((await ended()).status.state !== 'done') await turn(new AbortController().signal)
    return { killed, ...(await ended()) }
  }

  /** Once so many have begun. */
  async function runAborted(request: object, many: number) {
    await begin(request)
    const abort = new AbortController()
    const running = turn(new AbortController().signal, abort.signal)
    while (hosts.begun.length < many) await new Promise(setImmediate)
    abort.abort(CANCELLED)
    await running
    return ended()
  }

  async function begin(request: object): Promise<void> {
    const { snapshot, spec } = testingInput()
    const fleet = { ...snapshot, nodes: hosts.nodes, allocations: { etcd: null, clusters: {} }, appliedSpec: spec }
    const input = componentsOf(componentsRequest.parse({ soakSeconds: 0, ...request }), fleet)
    const record = { ...TEST_OPERATION, kind: 'upgrade-components', clusters: [], locks: [] }
    await tools().journal.create({ record, steps: [], input, decisions: [] })
  }

  async function turn(stopping: AbortSignal, signal = stopping): Promise<void> {
    await runOperation({ id: TEST_OPERATION.id, kind: upgradeComponents, tools: tools(), signal, stopping })
  }

  async function ended() {
    const { status } = await tools().journal.operation(TEST_OPERATION.id)
    return { status, output: 'output' in status ? (status.output as ComponentsReport) : undefined }
  }

  function tools(): EngineTools {
    const plain = engineTools(temporary.store)
    return {
      ...plain,
      fleet: {
        ...plain.fleet,
        manifests: async () => hosts.manifests(),
        observations: () => hosts.observations(),
        campaignControl: async () => world.control(),
      },
      shelf: {
        ...plain.shelf,
        fill: async () => undefined,
        offers: async (_os, names) => Object.fromEntries(names.map(name => [name, [NEXT]])),
      },
      children: {
        ...hosts.children,
        begin: async child => {
          const id = await hosts.children.begin(child)
          if (Number.isNaN(world.firstBegunAt)) world.firstBegunAt = now
          return id
        },
      },
      clock: {
        now: () => now,
        monotonic: () => now,
        sleep: async (ms, signal) => {
          await new Promise(setImmediate)
          signal.throwIfAborted()
          now += ms
        },
      },
    }
  }
}
