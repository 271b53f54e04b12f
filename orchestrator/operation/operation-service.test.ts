import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CommandOutcome } from '../../shared/domain/command.ts'
import { EMPTY_MANIFEST } from '../../shared/domain/manifest.ts'
import type { Plan, PlanPhase } from '../../shared/domain/plan.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import { systemClock } from '../../shared/lib/clock.ts'
import { createLog } from '../../shared/lib/log.ts'
import { EventLog } from '../events/event-log.ts'
import { openSqliteStore } from '../store/sqlite-store.ts'
import type { Store } from '../store/store.ts'
import type { CommandRunner, FleetAccess } from './dependencies.ts'
import { createEventStory } from './event-story.ts'
import { createJournal } from './journal.ts'
import { createOperations } from './operation-service.ts'
import { createSecrets } from './secrets.ts'

const OK: CommandOutcome = { state: 'done', result: { dryRun: false, items: [] } }
const twoPhases: readonly PlanPhase[] = [
  { name: 'first', steps: [converge('n1'), converge('n2')] },
  { name: 'second', steps: [converge('n3')] },
]

describe('an operation', () => {
  let directory: string
  let store: Store
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'drover-operation-'))
    store = openSqliteStore({ path: join(directory, 'store.db') })
  })
  afterEach(async () => {
    await store.close()
    rmSync(directory, { recursive: true })
  })

  it('runs phase after phase, and ends without a lock', async () => {
    const order: string[] = []
    const operations = service(store, { phases: twoPhases, run: async ({ nodeId }) => (order.push(nodeId), OK) })
    const id = await startedId(operations)
    expect(await ending(operations, id)).toBe('operation:done')
    expect(order.slice(0, 2).sort()).toEqual(['n1', 'n2'])
    expect(order[2]).toBe('n3')
    expect((await store.range('locks/')).entries).toEqual([])
  })

  it('says "nothing to do" for a plan without phases', async () => {
    const operations = service(store, { phases: [], run: async () => OK })
    expect((await operations.apply(request)).operationId).toBeNull()
    expect(await operations.list(10)).toEqual([])
  })

  it('refuses a plan that is no longer the one that was shown', async () => {
    const operations = service(store, { phases: twoPhases, run: async () => OK })
    await expect(operations.apply({ ...request, planId: 'deadbeef' })).rejects.toMatchObject({ code: 'stale' })
  })

  it('tries a passing failure again with a new attempt, and ends failed when it stays', async () => {
    const attempts: number[] = []
    const failing: CommandOutcome = { state: 'failed', code: 'failed', message: 'disk full', retryable: true }
    const operations = service(store, {
      phases: [{ name: 'only', steps: [converge('n1')] }],
      run: async ({ attempt }) => (attempts.push(attempt), failing),
    })
    const id = await startedId(operations)
    expect(await ending(operations, id)).toBe('operation:failed')
    expect(attempts).toEqual([1, 2, 3])
    expect((await operations.show(id)).failure).toMatchObject({ code: 'failed', message: 'disk full' })
    expect((await store.range('locks/')).entries).toEqual([])
  })

  it('holds its locks while it runs, and names the holder to the second one', async () => {
    const gate = Promise.withResolvers<CommandOutcome>()
    const operations = service(store, { phases: twoPhases, run: () => gate.promise })
    const id = await startedId(operations)
    await expect(operations.apply(request)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(id),
    })
    gate.resolve(OK)
    await ending(operations, id)
  })

  it('is taken up by the next process where the last one left it, with the same attempt', async () => {
    const seen: string[] = []
    const never = service(store, {
      phases: twoPhases,
      run: async ({ nodeId, signal }) => (nodeId === 'n3' ? await untilAborted(signal) : OK),
    })
    const id = await startedId(never)
    await stepReaches(never, id, '02-01', 'running')
    await never.stop()
    const next = service(store, {
      phases: twoPhases,
      run: async ({ nodeId, attempt }) => (seen.push(`${nodeId}#${attempt}`), OK),
    })
    await next.start()
    expect(await ending(next, id)).toBe('operation:done')
    expect(seen).toEqual(['n3#1'])
  })

  it('keeps what a disk probe measured, and does not fail when one fails', async () => {
    const probe = { path: '/var/lib/drover', samples: 9, p50Micros: 300, p99Micros: 900, maxMicros: 950, direct: true }
    const full: CommandOutcome = {
      state: 'failed',
      code: 'exhausted',
      message: 'only 9 MiB are free',
      retryable: false,
    }
    const operations = service(store, {
      phases: [
        { name: 'finish', steps: ['n1', 'n2'].map(nodeId => ({ kind: 'probe-disk', nodeId, directory: '/d' })) },
      ],
      run: async ({ nodeId }) => (nodeId === 'n1' ? { state: 'done', result: probe } : full),
    })
    const id = await startedId(operations)
    expect(await ending(operations, id)).toBe('operation:done')
    const [finish] = (await operations.show(id)).phases
    expect(finish?.steps.map(step => step.detail)).toEqual([
      'fsync p50 300 µs, p99 900 µs',
      'warning: not measured: only 9 MiB are free',
    ])
    const kept = (await store.range('test/fsync/')).entries
    expect(kept.map(({ key, value }) => [key, JSON.parse(Buffer.from(value).toString())])).toEqual([
      ['test/fsync/n1', probe],
    ])
  })

  it('leaves no commands behind, and the journal forgets the oldest operations', async () => {
    const forgotten: string[] = []
    const phases: readonly PlanPhase[] = [{ name: 'only', steps: [converge('n1')] }]
    const forget = async (id: string) => void forgotten.push(id)
    const operations = service(store, { phases, run: async () => OK, forget })
    const ids: string[] = []
    for (let count = 0; count < 203; count += 1) {
      ids.push(await startedId(operations))
      await expect.poll(() => forgotten.length, { interval: 1 }).toBe(ids.length)
    }
    expect(forgotten).toEqual(ids)
    await expect.poll(async () => (await operations.list(1000)).length).toBe(200)
    for (const prefix of ['operation-inputs/', 'operation-first-steps/', 'operation-steps/'])
      expect((await store.range(prefix)).entries).toHaveLength(200)
    await expect(operations.show('op-001')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('can be cancelled, and resumed as long as nothing came after it', async () => {
    let cancelled = false
    const operations = service(store, {
      phases: twoPhases,
      run: async ({ nodeId, signal }) => (nodeId === 'n3' && !cancelled ? await untilAborted(signal) : OK),
    })
    const id = await startedId(operations)
    await stepReaches(operations, id, '02-01', 'running')
    expect((await operations.cancel(id, 'ops')).summary.state).toBe('cancelled')
    expect((await store.range('locks/')).entries).toEqual([])
    cancelled = true
    await operations.resume(id, 'ops')
    expect(await ending(operations, id)).toBe('operation:done')
    await expect(operations.resume(id, 'ops')).rejects.toMatchObject({ code: 'conflict' })
  })
})

const request = { specYaml: '', fileName: 'fleet.yml', actor: 'ops', signal: new AbortController().signal }

function converge(nodeId: string): PlanPhase['steps'][number] {
  return { kind: 'converge', nodeId, manifest: EMPTY_MANIFEST, final: true }
}

function service(
  store: Store,
  world: {
    readonly phases: readonly PlanPhase[]
    readonly run: CommandRunner['run']
    readonly forget?: CommandRunner['forget']
  },
) {
  let ids = 0
  const story = createEventStory(new EventLog({ store, clock: systemClock }))
  return createOperations({
    runner: { run: world.run, forget: world.forget ?? (async () => undefined), operations: async () => new Set() },
    fleet: fleetOf(),
    shelf: {
      offers: async () => ({}),
      closure: async () => [],
      fill: async () => undefined,
    },
    compareHosts: async () => new Map(),
    compareClusters: async () => new Map(),
    health: { findings: async () => [] },
    secrets: createSecrets(store),
    clock: { ...systemClock, sleep: async (_, signal) => signal.throwIfAborted() },
    journal: createJournal(store, story),
    story,
    log: createLog({ level: 'silent' }),
    planner: {
      parse: () => ({ spec: planOf(world.phases).spec, problems: [], locate: problem => problem }),
      requiredPackages: () => [],
      plan: () => planOf(world.phases),
    },
    newId: () => `op-${String((ids += 1)).padStart(3, '0')}`,
  })
}

function planOf(phases: readonly PlanPhase[]): Omit<Plan, 'planId'> {
  return {
    baseRevision: 1,
    spec: { version: 1, fleet: { name: 'test' } } as Plan['spec'],
    changes: [],
    problems: [],
    placements: [],
    settings: [],
    kernel: [],
    layout: { levels: [], nodes: [] },
    allocations: { etcd: null, clusters: {} },
    phases,
  }
}

function fleetOf(): FleetAccess {
  const nothing = { kind: 'put', key: 'test/nothing', value: Buffer.from('{}') } as const
  return {
    snapshot: async () => ({ nodes: [] }) as unknown as Snapshot,
    observations: () => new Map(),
    observed: async () => undefined,
    lookAgain: () => undefined,
    agent: async () => null,
    nodeNames: async () => new Map(),
    recordManifest: async () => undefined,
    putNodeState: async () => [],
    disconnect: () => undefined,
    manifest: async () => null,
    manifests: async () => new Map(),
    campaignControl: async () => undefined,
    heldReleases: async () => [],
    releaseNotes: async () => [],
    putAllocations: () => nothing,
    putBootstrapped: () => nothing,
    forgetBootstrapped: () => nothing,
    putFsync: (nodeId, probe) => ({
      ...nothing,
      key: `test/fsync/${nodeId}`,
      value: Buffer.from(JSON.stringify(probe)),
    }),
    putExplanations: () => ({ ...nothing, key: 'test/explanations' }),
    putAppliedSpec: () => nothing,
    putAppliedSettings: () => ({ ...nothing, key: 'test/settings' }),
  }
}

async function startedId(operations: ReturnType<typeof service>): Promise<string> {
  const { operationId } = await operations.apply(request)
  if (operationId === null) throw new Error('nothing was started')
  return operationId
}

/** Type of the last event of the operation. */
async function ending(operations: ReturnType<typeof service>, id: string): Promise<string> {
  let last = ''
  for await (const event of operations.watch(id, 0, request.signal)) last = event.type
  return last
}

async function stepReaches(
  operations: ReturnType<typeof service>,
  id: string,
  stepId: string,
  state: string,
): Promise<void> {
  await expect
    .poll(
      async () =>
        (await operations.show(id)).phases.flatMap(phase => phase.steps).find(step => step.stepId === stepId)?.state,
    )
    .toBe(state)
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}
