import { expect } from 'vitest'
import type { CrashFleet } from './crash-fleet.ts'
import type { CrashStory, Given, PlayedRound } from './crash-matrix.ts'
import { INSTALLED, OLDER } from './fake-versions.ts'
import type { WorldState } from './fake-world.ts'
import { begin, CLUSTER, play, runningIn, toStage } from './fleet-stages.ts'

const request = (to: string): object => ({ cluster: CLUSTER, to, watchSeconds: 1 })

/** To another version and, between rounds, back to what is installed: a step is called after where it leads. */
export const UPGRADE_STORIES: readonly CrashStory[] = [
  {
    kind: 'upgrade-cluster',
    mayBeTakenBack: true,
    prepare: whatIsInstalled,
    ask: api => begin(api, 'upgrade-cluster', request(OLDER)),
    verify: expectUpgraded,
  },
  {
    kind: 'upgrade',
    mayBeTakenBack: true,
    prepare: whatIsInstalled,
    ask: api => begin(api, 'upgrade', { to: OLDER, soakSeconds: 1, watchSeconds: 1 }),
    verify: expectUpgraded,
  },
  {
    kind: 'update-extensions',
    mayBeTakenBack: false,
    prepare: async fleet => {
      await toStage(fleet, 'running')
      return {}
    },
    ask: api => begin(api, 'update-extensions', { cluster: CLUSTER }),
    verify: async () => undefined,
  },
]

/** Every server is started once, and with the new version; what is taken back runs one of the two. */
async function expectUpgraded({ world }: CrashFleet, { before, isDone }: PlayedRound): Promise<void> {
  const members = runningIn(world.state())
  expect(members).toHaveLength(3)
  for (const instance of members) {
    expect(isDone ? [OLDER] : [OLDER, INSTALLED]).toContain(versionOf(world.state(), instance))
    if (isDone) expect((world.state().starts[instance] ?? 0) - (before.starts[instance] ?? 0)).toBe(1)
  }
}

async function whatIsInstalled(fleet: CrashFleet): Promise<Given> {
  await toStage(fleet, 'running')
  const state = fleet.world.state()
  if (runningIn(state).some(instance => versionOf(state, instance) !== INSTALLED))
    await play(fleet, 'upgrade-cluster', request(INSTALLED))
  return {}
}

function versionOf({ versions }: WorldState, instance: string): string {
  return versions[instance] ?? INSTALLED
}
