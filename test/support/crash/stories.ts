import { expect } from 'vitest'
import type { FleetClient } from '../../../shared/wire/services.ts'
import type { CrashFleet } from './crash-fleet.ts'
import type { CrashStory } from './crash-matrix.ts'
import type { WorldState } from './fake-world.ts'

/** Makes the cluster that all stories are about. */
export async function makeCluster(fleet: CrashFleet): Promise<void> {
  const made = await fleet.toItsEnd(
    async api => (await api.Apply({ specYaml: spec(''), fileName: 'fleet.yml' })).operationId,
  )
  expect(made.failure).toBeNull()
}

export function switchoverOnce(api: FleetClient): Promise<string> {
  return begin(api, 'switchover', { cluster: 'pg-main' })
}

async function begin(api: FleetClient, kind: string, request: object): Promise<string> {
  return (await api.StartOperation({ kind, requestJson: JSON.stringify(request) })).operationId
}

export const STORIES: readonly CrashStory[] = [
  {
    kind: 'switchover',
    mayBeTakenBack: true,
    ask: switchoverOnce,
    // The made-up timeline counts them: once for one that says so, and never twice.
    verify: async ({ world }, { before, isDone }) => {
      expectOnce(timelineOf(world.state()) - timelineOf(before), isDone)
    },
  },
  {
    kind: 'reload',
    mayBeTakenBack: false,
    ask: api => begin(api, 'reload', { cluster: 'pg-main' }),
    verify: async () => undefined,
  },
  {
    kind: 'restart',
    mayBeTakenBack: true,
    ask: api => begin(api, 'restart', { cluster: 'pg-main' }),
    // Every server once a round, and never twice.
    verify: async ({ world }, { before, isDone }) => {
      const starts = Object.entries(world.state().starts)
      if (isDone) expect(starts).toHaveLength(3)
      for (const [instance, count] of starts) expectOnce(count - (before.starts[instance] ?? 0), isDone)
    },
  },
  {
    kind: 'apply',
    mayBeTakenBack: false,
    ask: async (api, round) => (await api.Apply({ specYaml: changed(round), fileName: 'fleet.yml' })).operationId,
    verify: async (fleet, { round }) => {
      const plan = await fleet.insist(api => api.Plan({ specYaml: changed(round), fileName: 'fleet.yml' }))
      expect(plan.changes).toEqual([])
    },
  },
]

/** What is taken back lets clients go on, whoever leads then: what Patroni was asked for in time may have happened, once. */
function expectOnce(times: number, isDone: boolean): void {
  expect(isDone ? [1] : [0, 1]).toContain(times)
}

function timelineOf({ clusters }: WorldState): number {
  return clusters['pg-main']?.timeline ?? 0
}

/** Touches every host, Patroni's configuration and the databases, in turns one way and the other. */
function changed(round: number): string {
  const turn = round % 2
  return spec(`
    parameters: { work_mem: ${turn === 0 ? '16MB' : '32MB'} }
    hba: [{ user: app, database: app, address: 10.${turn}.0.0/16 }]
    users: [{ name: app, comment: turn ${turn} }]`)
}

function spec(more: string): string {
  return `version: 1
fleet: { name: test }
etcd: { members: 3 }
clusters:
  - name: pg-main
    durability: sync${more === '' ? '\n    users: [{ name: app }]' : more}
    databases: [{ name: app, owner: app }]
`
}
