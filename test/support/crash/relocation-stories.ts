import { expect } from 'vitest'
import type { CrashFleet } from './crash-fleet.ts'
import type { CrashStory, PlayedRound } from './crash-matrix.ts'
import { begin, CLUSTER, expectSettled, leaderOf, look, play, runningIn, tidied, toStage } from './fleet-stages.ts'

/** Members and hosts that leave. Each needs a host to spare. */
export const RELOCATION_STORIES: readonly CrashStory[] = [
  {
    kind: 'move',
    mayBeTakenBack: false,
    isAboutOthers: true,
    prepare: async fleet => {
      const { standbys, free } = await tidied(fleet)
      return { instance: standbys[0] ?? '', to: free[0] ?? '' }
    },
    ask: (api, { instance = '', to = '' }) => begin(api, 'move', { cluster: CLUSTER, instance, to }),
    verify: async (fleet, played) => {
      await expectLeft(fleet, played)
      const { members } = await look(fleet)
      expect([...members.values()]).toContain(played.given['to'])
    },
  },
  {
    kind: 'replace',
    mayBeTakenBack: false,
    isAboutOthers: true,
    prepare: async fleet => ({ instance: (await tidied(fleet)).standbys[0] ?? '' }),
    ask: (api, { instance = '' }) => begin(api, 'replace', { cluster: CLUSTER, instance }),
    verify: expectLeft,
  },
  {
    kind: 'drain',
    mayBeTakenBack: true,
    isAboutOthers: true,
    prepare: async fleet => {
      const { primary, members } = await tidied(fleet)
      return { instance: primary, node: members.get(primary) ?? '' }
    },
    ask: (api, { node = '' }) => begin(api, 'drain', { node, waitClientsSeconds: 1 }),
    verify: async (fleet, played) => {
      const { node = '', instance = '' } = played.given
      const { members, draining } = await look(fleet)
      // The primary has not handed over, and nothing else has begun.
      if (!played.isDone) return expect([members.get(instance), draining]).toEqual([node, []])
      await expectLeft(fleet, played)
      expect([...members.values()]).not.toContain(node)
      expect(draining).toEqual([node])
      expect(fleet.world.state().manifests[node]?.watches).toEqual({ instances: [] })
    },
  },
  {
    kind: 'undrain',
    mayBeTakenBack: false,
    isAboutOthers: true,
    prepare: async fleet => {
      const { free } = await tidied(fleet)
      const node = free[0] ?? ''
      await play(fleet, 'drain', { node })
      return { node }
    },
    ask: (api, { node = '' }) => begin(api, 'undrain', { node }),
    verify: async fleet => expect((await look(fleet)).draining).toEqual([]),
  },
  {
    kind: 'remove-node',
    mayBeTakenBack: false,
    prepare: async fleet => {
      await toStage(fleet, 'running')
      return { node: await fleet.addHost() }
    },
    ask: (api, { node = '' }) => begin(api, 'remove-node', { node }),
    verify: async (fleet, { given: { node = '' } }) => {
      const { nodes } = await fleet.insist(api => api.ListNodes({}))
      expect(nodes.map(({ name }) => name)).not.toContain(node)
      await fleet.dropHost(node)
    },
  },
]

/** It runs no more, another one does, somebody else leads if it did, and its data are kept. */
async function expectLeft(fleet: CrashFleet, { given: { instance = '' } }: PlayedRound): Promise<void> {
  const state = fleet.world.state()
  expect(runningIn(state)).toHaveLength(3)
  expect(runningIn(state)).not.toContain(instance)
  expect(runningIn(state)).toContain(leaderOf(state))
  expect(state.erased).not.toContain(instance)
  expect((await look(fleet)).tombstones).toEqual([instance])
  await expectSettled(fleet)
}
