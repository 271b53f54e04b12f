import { expect } from 'vitest'
import type { FleetClient } from '../../../shared/wire/services.ts'
import type { CrashFleet } from './crash-fleet.ts'
import type { CrashStory } from './crash-matrix.ts'

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
    verify: async ({ world }, { done }) => {
      // Once for each that says so, never twice, and never for one that was taken back: the made-up timeline counts them.
      expect(world.state().clusters['pg-main']?.timeline).toBe(done + 1)
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
    mayBeTakenBack: false,
    ask: api => begin(api, 'restart', { cluster: 'pg-main' }),
    // Every server once a round, and never twice.
    verify: async ({ world }, { done }) => {
      expect(Object.values(world.state().starts)).toEqual([done, done, done])
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
