import { expect } from 'vitest'
import { DroverError } from '../../../shared/domain/errors.ts'
import { COMPONENT_STORIES } from './component-stories.ts'
import type { CrashFleet } from './crash-fleet.ts'
import type { CrashStory, Given } from './crash-matrix.ts'
import {
  applied,
  begin,
  CLUSTER,
  expectSettled,
  leaderOf,
  REMOVAL,
  runningIn,
  timelineOf,
  toStage,
} from './fleet-stages.ts'
import { RELOCATION_STORIES } from './relocation-stories.ts'
import { changedSpec, restartingSpec } from './specs.ts'
import { until } from './until.ts'
import { UPGRADE_STORIES } from './upgrade-stories.ts'

const PATIENCE_MS = 60_000

const CLUSTER_STORIES: readonly CrashStory[] = [
  {
    kind: 'switchover',
    mayBeTakenBack: true,
    prepare: whileRunning,
    ask: api => begin(api, 'switchover', { cluster: CLUSTER }),
    // The made-up timeline counts them: once for one that says so, and never twice.
    verify: async ({ world }, { before, isDone }) => {
      expectOnce(timelineOf(world.state()) - timelineOf(before), isDone)
    },
  },
  {
    kind: 'reload',
    mayBeTakenBack: false,
    prepare: whileRunning,
    ask: api => begin(api, 'reload', { cluster: CLUSTER }),
    verify: async () => undefined,
  },
  {
    kind: 'restart',
    mayBeTakenBack: true,
    prepare: whileRunning,
    ask: api => begin(api, 'restart', { cluster: CLUSTER }),
    // Every server once a round, and never twice.
    verify: async ({ world }, { before, isDone }) => {
      const members = runningIn(world.state())
      expect(members).toHaveLength(3)
      for (const instance of members)
        expectOnce((world.state().starts[instance] ?? 0) - (before.starts[instance] ?? 0), isDone)
    },
  },
  {
    kind: 'apply',
    mayBeTakenBack: false,
    prepare: whileRunning,
    ask: async (api, _given, round) =>
      (await api.Apply({ specYaml: changedSpec(round), fileName: 'f.yml' })).operationId,
    verify: (fleet, { round }) => expectSettled(fleet, changedSpec(round)),
  },
  {
    kind: 'apply --restart',
    mayBeTakenBack: true,
    prepare: async fleet => {
      await toStage(fleet, 'running')
      await applied(fleet, { specYaml: restartingSpec('off'), restart: true })
      return {}
    },
    ask: async api => {
      const request = { specYaml: restartingSpec('on'), fileName: 'f.yml', restart: true }
      return (await api.Apply(request)).operationId
    },
    verify: async (fleet, { isDone }) => {
      if (!isDone) return
      await expectSettled(fleet, restartingSpec('on'))
      const { startedWith } = fleet.world.state()
      for (const instance of runningIn(fleet.world.state()))
        expect(startedWith[instance]).toEqual({ track_commit_timestamp: 'on' })
    },
  },
  {
    kind: 'reinit',
    mayBeTakenBack: false,
    prepare: async fleet => {
      await toStage(fleet, 'running')
      const state = fleet.world.state()
      return { instance: runningIn(state).find(each => each !== leaderOf(state)) ?? '' }
    },
    ask: (api, { instance = '' }) => begin(api, 'reinit', { cluster: CLUSTER, instance, confirm: instance }),
    verify: async ({ world }, { before, given }) => {
      const anew = runningIn(world.state()).filter(each => world.state().starts[each] !== before.starts[each])
      expect(anew).toEqual([given['instance']])
    },
  },
  {
    kind: 'failover',
    mayBeTakenBack: false,
    prepare: async fleet => {
      await toStage(fleet, 'running')
      const dead = leaderOf(fleet.world.state())
      fleet.world.change(() => ({ dead: [dead] }))
      await until(async () => {
        const { clusters } = await fleet.insist(api => api.Status({}))
        return clusters.some(({ primary }) => primary !== '') ? null : true
      }, PATIENCE_MS)
      return { dead }
    },
    ask: api => begin(api, 'failover', { cluster: CLUSTER }),
    verify: async ({ world }, { before, given }) => {
      expect(timelineOf(world.state()) - timelineOf(before)).toBe(1)
      expect(leaderOf(world.state())).not.toBe(given['dead'])
    },
  },
  {
    kind: 'pause',
    mayBeTakenBack: false,
    prepare: whileRunning,
    ask: api => begin(api, 'pause', { cluster: CLUSTER, forMs: 3_600_000 }),
    verify: async ({ world }) => {
      const { dynamic, timers } = world.state()
      expect(dynamic[CLUSTER]?.['pause']).toBe(true)
      expect(Object.keys(timers).sort()).toEqual(runningIn(world.state()))
    },
  },
  {
    kind: 'unpause',
    mayBeTakenBack: false,
    prepare: at('paused'),
    ask: api => begin(api, 'unpause', { cluster: CLUSTER }),
    verify: async ({ world }) => {
      expect(world.state().dynamic[CLUSTER]).not.toHaveProperty('pause')
      expect(world.state().timers).toEqual({})
    },
  },
  {
    kind: 'stop-cluster',
    mayBeTakenBack: false,
    prepare: whileRunning,
    ask: api => begin(api, 'stop-cluster', { cluster: CLUSTER }),
    verify: async ({ world }) => expect(runningIn(world.state())).toEqual([]),
  },
  {
    kind: 'start-cluster',
    mayBeTakenBack: false,
    prepare: at('stopped'),
    ask: api => begin(api, 'start-cluster', { cluster: CLUSTER }),
    verify: expectAsBefore,
  },
  {
    kind: 'remove-cluster',
    mayBeTakenBack: false,
    prepare: whileRunning,
    ask: api => begin(api, 'remove-cluster', REMOVAL),
    verify: async (fleet, { before }) => {
      expect(runningIn(fleet.world.state())).toEqual([])
      expect(fleet.world.state().erased).toEqual(before.erased)
      const { clusters, tombstones } = await fleet.insist(api => api.Status({}))
      expect([clusters.length, tombstones.map(({ eraseAfterMs }) => eraseAfterMs !== undefined)]).toEqual([
        0,
        [true, true, true],
      ])
    },
  },
  {
    kind: 'undo-remove',
    mayBeTakenBack: false,
    prepare: at('removed'),
    ask: api => begin(api, 'undo-remove', { cluster: CLUSTER }),
    verify: expectAsBefore,
  },
  {
    kind: 'purge',
    mayBeTakenBack: false,
    prepare: at('removed'),
    ask: api => begin(api, 'purge', { name: CLUSTER, confirm: CLUSTER, withoutBackup: true }),
    verify: expectErased,
  },
  {
    kind: 'erase',
    mayBeTakenBack: false,
    prepare: async fleet => {
      await toStage(fleet, 'running')
      const instances = runningIn(fleet.world.state())
      await fleet.toItsEnd(api => begin(api, 'remove-cluster', { ...REMOVAL, keepMs: 1 }))
      return { instances: instances.join(' ') }
    },
    ask: async (api, { instances = '' }) => {
      // The orchestrator's own clock may be faster.
      return await begin(api, 'erase', { instances: instances.split(' ') }).catch(async (error: unknown) => {
        if (!['locked', 'not-found'].includes(DroverError.from(error).code)) throw error
        return (await api.ListOperations({ limit: 1 })).operations[0]?.operationId ?? ''
      })
    },
    verify: expectErased,
  },
  {
    kind: 'etcd-defrag',
    mayBeTakenBack: false,
    prepare: whileRunning,
    ask: api => begin(api, 'etcd-defrag', {}),
    verify: async ({ world }, { before }) => {
      const { defragmented } = world.state()
      expect(Object.keys(defragmented)).toHaveLength(3)
      for (const [voter, count] of Object.entries(defragmented))
        expect(count).toBeGreaterThan(before.defragmented[voter] ?? 0)
    },
  },
]

export const STORIES: readonly CrashStory[] = [
  ...CLUSTER_STORIES,
  ...UPGRADE_STORIES,
  ...COMPONENT_STORIES,
  ...RELOCATION_STORIES,
]

function at(stage: Parameters<typeof toStage>[1]): CrashStory['prepare'] {
  return async (fleet): Promise<Given> => {
    await toStage(fleet, stage)
    return {}
  }
}

function whileRunning(fleet: CrashFleet): Promise<Given> {
  return at('running')(fleet)
}

/** What is taken back lets clients go on, whoever leads then: what Patroni was asked for in time may have happened, once. */
function expectOnce(times: number, isDone: boolean): void {
  expect(isDone ? [1] : [0, 1]).toContain(times)
}

/** All members run, under the one that led last, and nobody was promoted or emptied. */
async function expectAsBefore({ world }: CrashFleet, { before }: Parameters<CrashStory['verify']>[1]): Promise<void> {
  expect(runningIn(world.state())).toHaveLength(3)
  expect(world.state().clusters).toEqual(before.clusters)
  expect(world.state().erased).toEqual(before.erased)
}

async function expectErased(fleet: CrashFleet, { before }: Parameters<CrashStory['verify']>[1]): Promise<void> {
  const gone = fleet.world.state().erased.filter(instance => !before.erased.includes(instance))
  expect(gone).toHaveLength(3)
  const { removed, tombstones } = await fleet.insist(api => api.Status({}))
  expect([removed, tombstones]).toEqual([[], []])
}
