import { expect } from 'vitest'
import type { CrashFleet } from './crash-fleet.ts'
import type { CrashStory } from './crash-matrix.ts'

/** Makes the cluster that all stories are about. */
export async function makeCluster(fleet: CrashFleet): Promise<void> {
  const made = await fleet.toItsEnd(
    async api => (await api.Apply({ specYaml: spec(''), fileName: 'fleet.yml' })).operationId,
  )
  expect(made.failure).toBeNull()
}

export const STORIES: readonly CrashStory[] = [
  {
    kind: 'switchover',
    ask: async api => {
      const requestJson = JSON.stringify({ cluster: 'pg-main' })
      return (await api.StartOperation({ kind: 'switchover', requestJson })).operationId
    },
    verify: async ({ world }, round) => {
      // Once a round, never twice: the made-up timeline counts them.
      expect(world.state().clusters['pg-main']?.timeline).toBe(round + 2)
    },
  },
  {
    kind: 'apply',
    ask: async (api, round) => (await api.Apply({ specYaml: changed(round), fileName: 'fleet.yml' })).operationId,
    verify: async (fleet, round) => {
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
