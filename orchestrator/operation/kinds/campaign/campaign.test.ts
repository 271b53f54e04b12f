import { describe, expect, it } from 'vitest'
import type { CampaignCaps, CampaignControl, CampaignReport } from '../../../../shared/domain/campaign.ts'
import type { CommandKind, CommandOutcome } from '../../../../shared/domain/command.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { EMPTY_MANIFEST, type InstanceWatch, type Manifest } from '../../../../shared/domain/manifest.ts'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import type { OperationDetails, OperationSummary } from '../../../../shared/domain/operation.ts'
import type { Snapshot, SnapshotNode } from '../../../../shared/domain/snapshot.ts'
import type { UpgradeLook } from '../../../../shared/domain/upgrade-look.ts'
import { systemClock } from '../../../../shared/lib/clock.ts'
import { engineTools, TEST_OPERATION } from '../../../../test/support/engine-tools.ts'
import { createRandom } from '../../../../test/support/random.ts'
import { temporaryStore } from '../../../../test/support/temporary-store.ts'
import { testingCluster, testingInput } from '../../../plan/render/testing-input.ts'
import { readCampaignStory } from '../../campaign-story.ts'
import type { Children } from '../../children.ts'
import { type EngineTools, runOperation } from '../../engine.ts'
import { campaign } from './campaign.ts'
import { campaignOf, campaignRequest } from './requested-campaign.ts'

describe('a campaign', () => {
  it('upgrades every cluster once, wave after wave, within its caps', async () => {
    await using world = createWorld({ clusters: 30, nodes: 20 })
    const { output } = await world.run({ caps: { fleet: 5, node: 1, labels: { zone: 3 } } })
    expect(output?.clusters.map(({ result }) => result)).toEqual(Array(30).fill('upgraded'))
    expect(world.begun.toSorted()).toEqual(world.names)
    expect(world.most).toEqual({ fleet: 3, node: 1, zone: 3 })
  })

  it('begins nothing when one cluster cannot be upgraded', async () => {
    await using world = createWorld({ clusters: 3, nodes: 4 })
    world.silence('node-1')
    const { status } = await world.run({})
    expect(status).toMatchObject({ state: 'failed' })
    expect(JSON.stringify(status)).toContain('its agent is silent')
    expect(world.begun).toEqual([])
  })

  it('lays every version out and tries it on every node before the first cluster begins', async () => {
    await using world = createWorld({ clusters: 6, nodes: 9 })
    let triedBefore = 0
    world.fails = () => {
      triedBefore ||= world.commands.filter(each => each.startsWith('runtime.try')).length
      return false
    }
    expect((await world.run({})).status.state).toBe('done')
    expect(triedBefore).toBe(9)
  })

  it('begins nothing when a version does not work on one node, and says all of them', async () => {
    await using world = createWorld({ clusters: 6, nodes: 18 })
    world.trial = node => (['node-3', 'node-16'].includes(node) ? 'libicu is missing' : null)
    const { status } = await world.run({})
    expect(status).toMatchObject({ state: 'failed', failure: { code: 'conflict' } })
    expect(JSON.stringify(status)).toContain(
      'pg-01: node node-3 libicu is missing; pg-05: node node-16 libicu is missing',
    )
    expect(world.begun).toEqual([])
  })

  it('asks again when an agent is away for a moment, and begins nothing when it stays away', async () => {
    await using world = createWorld({ clusters: 3, nodes: 9 })
    world.away = 2
    expect((await world.run({})).status.state).toBe('done')
    await using dead = createWorld({ clusters: 3, nodes: 9 })
    dead.away = Number.POSITIVE_INFINITY
    const { status } = await dead.run({})
    expect(JSON.stringify(status)).toContain('pg-00: member pg-00-1 it could not be asked: no session')
    expect(dead.begun).toEqual([])
  })

  it('begins nobody once more have failed than the budget allows', async () => {
    await using world = createWorld({ clusters: 20, nodes: 40 })
    world.fails = name => name === 'pg-02'
    const { status } = await world.run({ caps: { fleet: 1 } })
    expect(JSON.stringify(status)).toContain('pg-02: it does not start')
    expect(world.begun).toEqual(['pg-00', 'pg-01', 'pg-02'])
    await using lenient = createWorld({ clusters: 20, nodes: 40 })
    lenient.fails = name => name === 'pg-02'
    expect((await lenient.run({ budget: 1 })).status.state).toBe('done')
    expect(lenient.begun.length).toBe(20)
  })

  it('waits in a pause, and obeys caps that change', async () => {
    await using world = createWorld({ clusters: 12, nodes: 40 })
    const caps: CampaignCaps = { fleet: 1, node: 1, labels: {} }
    world.control = () =>
      world.begun.length < 4
        ? undefined
        : { paused: world.looks++ < 50, caps: { ...caps, fleet: world.begun.length < 6 ? 1 : 3 } }
    await world.run({ caps })
    expect(world.begun.length).toBe(12)
    expect(world.looks).toBeGreaterThan(50)
    expect(world.most.fleet).toBe(3)
  })

  it('goes on after any number of kills, and begins nobody twice', async () => {
    await using world = createWorld({ clusters: 25, nodes: 30 })
    const { killed, status } = await world.runKilled({ caps: { fleet: 4 } }, 20)
    expect(status.state).toBe('done')
    expect(killed).toBeGreaterThan(5)
    expect(world.begun.toSorted()).toEqual(world.names)
    expect(world.most.fleet).toBeLessThanOrEqual(4)
  })

  it('updates extensions where the fleet file allows it, once the wave has been watched', async () => {
    await using world = createWorld({ clusters: 4, nodes: 12 })
    world.updating('pg-00')
    world.updating('pg-02')
    const { output } = await world.run({})
    expect(world.updated).toEqual(['pg-00 after 1', 'pg-02 after 4'])
    expect(output?.extensions).toEqual([
      { cluster: 'pg-00', updated: [], refused: [] },
      { cluster: 'pg-02', updated: [], refused: [] },
    ])
  })

  it('can be told with its waves and clusters, when it was stopped in the middle as well', async () => {
    await using world = createWorld({ clusters: 8, nodes: 24 })
    world.fails = name => name === 'pg-05'
    await world.run({ budget: 1 })
    const story = await world.story()
    expect(story).toMatchObject({ state: 'done', operationId: TEST_OPERATION.id })
    expect(story.waves.map(({ name }) => name)).toEqual(['canary', 'wave 1 of 3', 'wave 2 of 3', 'wave 3 of 3'])
    expect(story.waves.every(({ begunAt, endedAt }) => begunAt !== undefined && endedAt !== undefined)).toBe(true)
    expect(story.clusters.map(({ cluster, wave, state }) => `${cluster} ${wave} ${state}`)).toContain(
      'pg-05 wave 3 of 3 failed',
    )
    expect(story.clusters.filter(({ state }) => state === 'upgraded').length).toBe(7)
    await using stopped = createWorld({ clusters: 8, nodes: 24 })
    await stopped.runKilled({}, 1)
    const half = await stopped.story()
    expect(half.clusters.length).toBe(8)
  })

  it('waits for a lock that somebody else holds', async () => {
    await using world = createWorld({ clusters: 2, nodes: 4 })
    world.locked = 3
    expect((await world.run({})).status.state).toBe('done')
    expect(world.locked).toBe(0)
  })
})

interface Request {
  readonly caps?: Partial<CampaignCaps>
  readonly budget?: number
}

/** Clusters of three on nodes in three zones; their upgrades take some turns of the event loop each. */
function createWorld(size: { readonly clusters: number; readonly nodes: number }) {
  const temporary = temporaryStore()
  const { store } = temporary
  const random = createRandom(7)
  let snapshot = fleetOf(size)
  const zones = new Map(snapshot.nodes.map(({ id, labels }) => [id, labels['zone'] ?? '']))
  const operations = new Map<string, { summary: OperationSummary; turns: number }>()
  const commands: string[] = []
  const world = {
    names: snapshot.appliedSpec?.clusters.map(({ name }) => name).toSorted() ?? [],
    begun: [] as string[],
    /** Clusters whose extensions were updated, with how many had begun by then. */
    updated: [] as string[],
    updating(name: string): void {
      const clusters = snapshot.appliedSpec?.clusters.map(each =>
        each.name === name ? { ...each, updateExtensions: true } : each,
      )
      if (snapshot.appliedSpec !== undefined)
        snapshot = { ...snapshot, appliedSpec: { ...snapshot.appliedSpec, clusters: clusters ?? [] } }
    },
    most: { fleet: 0, node: 0, zone: 0 },
    looks: 0,
    locked: 0,
    fails: (_name: string): boolean => false,
    control: (): CampaignControl | undefined => undefined,
    silence(node: string): void {
      const nodes = snapshot.nodes.map(each => (each.name === node ? { ...each, state: 'silent' as const } : each))
      snapshot = { ...snapshot, nodes }
    },
    run,
    runKilled,
    story: () => readCampaignStory(undefined, { journal: tools().journal, now: Date.now() }),
    commands,
    /** How often the first server that is asked does not answer. */
    away: 0,
    trial: (_node: string): string | null => null,
    [Symbol.asyncDispose]: temporary[Symbol.asyncDispose],
  }
  const children: Children = {
    begin: async ({ kind, request }) => {
      if (world.locked > 0) {
        world.locked -= 1
        throw new DroverError('locked', 'an apply holds it')
      }
      const { cluster } = request as { cluster: string }
      const operationId = `child-${operations.size}`
      const summary: OperationSummary = {
        operationId,
        kind,
        state: 'running',
        subject: cluster,
        clusters: [cluster],
        locks: [],
        createdAt: 1,
        requestedBy: 'ops',
      }
      if (kind === 'upgrade-cluster') world.begun.push(cluster)
      else world.updated.push(`${cluster} after ${world.begun.length}`)
      operations.set(operationId, { summary, turns: 1 + Math.floor(random() * 6) })
      count()
      return operationId
    },
    find: async ({ cluster, kind }) =>
      [...operations.values()].findLast(
        ({ summary }) => summary.kind === kind && summary.clusters.includes(cluster ?? ''),
      )?.summary ?? null,
    running: async () => null,
    ended: async (id, signal): Promise<OperationDetails> => {
      for (;;) {
        const child = operations.get(id)
        if (child !== undefined && child.summary.state !== 'running') return detailsOf(child.summary)
        signal.throwIfAborted()
        await new Promise(setImmediate)
        for (const _ended of endings()) signal.throwIfAborted()
      }
    },
  }
  return world

  async function run(request: Request) {
    await begin(request)
    await turn(new AbortController().signal)
    return ended()
  }

  async function runKilled(request: Request, kills: number) {
    await begin(request)
    let killed = 0
    for (; killed < kills && (await ended()).status.state !== 'done'; killed += 1) {
      const stop = new AbortController()
      const after = Math.floor(random() * 40)
      const running = turn(stop.signal)
      for (let step = 0; step < after; step += 1) await new Promise(setImmediate)
      stop.abort()
      await running
    }
    if ((await ended()).status.state !== 'done') await turn(new AbortController().signal)
    return { killed, ...(await ended()) }
  }

  async function begin(request: Request): Promise<void> {
    const input = campaignOf(campaignRequest.parse({ soakSeconds: 0, ...request }), snapshot)
    const record = { ...TEST_OPERATION, kind: 'upgrade', clusters: [], locks: [] }
    await tools().journal.create({ record, steps: [], input, decisions: [] })
  }

  async function turn(stopping: AbortSignal): Promise<void> {
    const run = { id: TEST_OPERATION.id, kind: campaign, tools: tools(), signal: stopping, stopping }
    await runOperation(run)
  }

  async function ended() {
    const { status } = await tools().journal.operation(TEST_OPERATION.id)
    return { status, output: 'output' in status ? (status.output as CampaignReport) : undefined }
  }

  function tools(): EngineTools {
    const plain = engineTools(store)
    return {
      ...plain,
      runner: {
        ...plain.runner,
        run: async ({ nodeId, kind }) => {
          commands.push(`${kind} ${nodeId}`)
          return answer(nodeId, kind)
        },
      },
      secrets: { resolve: async (manifest: Manifest) => manifest } as unknown as EngineTools['secrets'],
      fleet: {
        ...plain.fleet,
        snapshot: async () => snapshot,
        heldReleases: async () => [],
        releaseNotes: async () => [],
        manifest: async nodeId => manifestOf(nodeId),
        recordManifest: async () => undefined,
        campaignControl: async () => world.control(),
      },
      health: { findings: async () => [] },
      shelf: {
        ...plain.shelf,
        closure: async ({ packages }) => packages,
        fill: async () => undefined,
        offers: async (_os, names) => Object.fromEntries(names.map(name => [name, ['17.12-1', '17.11-1']])),
      },
      children,
      clock: {
        ...systemClock,
        sleep: async (_ms, signal) => {
          await new Promise(setImmediate)
          signal.throwIfAborted()
        },
      },
    }
  }

  function manifestOf(nodeId: string): Manifest {
    const instances = snapshot.nodes.find(({ id }) => id === nodeId)?.observation?.instances ?? []
    const watch = ({ cluster, instance }: InstanceObservation): InstanceWatch => ({
      cluster,
      instance,
      address: '',
      postgresPort: 5432,
      socketDirectory: '',
      dataDirectory: '',
      patroniUrl: '',
      patroniUnit: '',
      caPath: '',
      certPath: '',
      keyPath: '',
      services: [],
      poolers: [{ name: 'rw', port: 6432 }],
    })
    return { ...EMPTY_MANIFEST, watches: { instances: instances.map(watch) } }
  }

  function answer(nodeId: string, kind: CommandKind): CommandOutcome {
    const trouble = world.trial(nodeId)
    if (kind === 'runtime.try' && trouble !== null)
      return { state: 'failed', code: 'failed', message: trouble, retryable: false }
    if (kind === 'postgres.upgrade-look' && nodeId === 'node-0' && world.away > 0) {
      world.away -= 1
      return { state: 'failed', code: 'unavailable', message: 'no session', retryable: true }
    }
    const trial = { serverVersion: '17.12', extensions: {}, available: { vector: '0.8.1' }, sizeBytes: 1, tookMs: 1 }
    const look: UpgradeLook = {
      clients: [],
      collations: {},
      extensions: [{ database: 'app', name: 'vector', version: '0.8.0' }],
      outputPlugins: [],
    }
    const results: Partial<Record<CommandKind, unknown>> = {
      converge: { dryRun: false, items: [] },
      'runtime.try': trial,
      'pooler.backends': { primary: [], own: [] },
      'postgres.upgrade-look': look,
    }
    return { state: 'done', result: results[kind] }
  }

  function underWay() {
    return [...operations.values()].filter(({ summary: { state } }) => state === 'running')
  }

  function count(): void {
    const clusters = underWay().flatMap(({ summary }) => summary.clusters)
    const nodes = clusters.flatMap(name => snapshot.allocations.clusters[name]?.members.map(each => each.nodeId) ?? [])
    const inZone = (zone: string): number =>
      clusters.filter(name =>
        snapshot.allocations.clusters[name]?.members.some(({ nodeId }) => zones.get(nodeId) === zone),
      ).length
    const onNode = Math.max(0, ...[...Map.groupBy(nodes, id => id).values()].map(each => each.length))
    world.most.fleet = Math.max(world.most.fleet, clusters.length)
    world.most.node = Math.max(world.most.node, onNode)
    world.most.zone = Math.max(world.most.zone, ...['a', 'b', 'c'].map(inZone))
  }

  function* endings(): Generator<void> {
    for (const each of underWay()) {
      each.turns -= 1
      if (each.turns > 0) continue
      const [name = ''] = each.summary.clusters
      each.summary = { ...each.summary, state: world.fails(name) ? 'failed' : 'done', endedAt: 2 }
      yield
    }
  }
}

function detailsOf(summary: OperationSummary): OperationDetails {
  if (summary.state === 'failed') {
    const failure = { code: 'failed' as const, message: 'it does not start', retryable: false, problems: [] }
    return { summary, phases: [], failure, rolledBack: false }
  }
  if (summary.kind === 'update-extensions')
    return { summary, phases: [], rolledBack: false, output: { updated: [], refused: [] } }
  return {
    summary,
    phases: [],
    rolledBack: false,
    output: { serverVersion: '17.12', stallMs: 700, readStallMs: 900, from: null },
  }
}

function fleetOf({ clusters, nodes }: { readonly clusters: number; readonly nodes: number }): Snapshot {
  const names = Array.from({ length: clusters }, (_, index) => `pg-${String(index).padStart(2, '0')}`)
  const members = (name: string, index: number) =>
    [0, 1, 2].map(offset => ({
      instance: `${name}-${offset + 1}`,
      number: offset + 1,
      nodeId: `node-${(index * 3 + offset) % nodes}`,
    }))
  const allocations = {
    etcd: null,
    clusters: Object.fromEntries(
      names.map((name, index) => [
        name,
        { portBlock: index, postgresVersion: 17, nextNumber: 4, members: members(name, index), bootstrapped: true },
      ]),
    ),
  }
  const hosts = Array.from({ length: nodes }, (_, index): SnapshotNode => {
    const id = `node-${index}`
    const instances = Object.entries(allocations.clusters).flatMap(([cluster, allocation]) =>
      allocation.members
        .filter(({ nodeId }) => nodeId === id)
        .map(({ instance, number }) => ({
          cluster,
          instance,
          role: number === 1 ? ('primary' as const) : ('replica' as const),
          state: 'running',
          serverVersion: '17.11',
          poolers: [],
          services: [],
        })),
    )
    const observation = { observedAt: 0, instances }
    return {
      id,
      name: id,
      state: 'ready',
      address: `10.0.0.${index}`,
      labels: { zone: 'abc'[index % 3] ?? '' },
      os: 'debian13',
      observation,
    }
  })
  const { snapshot, spec } = testingInput()
  return {
    ...snapshot,
    nodes: hosts,
    allocations,
    appliedSpec: { ...spec, clusters: names.map(name => testingCluster({ name })) },
  }
}
