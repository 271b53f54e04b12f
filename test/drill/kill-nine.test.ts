import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyUnderFire } from '../support/apply-under-fire.ts'
import { startFleet, type TestFleet } from '../support/fleet.ts'
import { createRandom } from '../support/random.ts'

/**
 * kill -9 at random moments while a cluster is made, on real hosts: the orchestrator and the agents, several times each round.
 * Every round makes one more cluster on the same hosts. The seed is told, so that a round can be repeated.
 */
const ROUNDS = 10
const SEED = Date.now() % 1_000_000

let fleet: TestFleet

beforeAll(async () => {
  fleet = await startFleet({ name: 'hq', subnet: '10.10.70.0/24', hosts: 3 })
})
afterAll(() => fleet?.down())

describe(`an apply whose orchestrator and agents are killed at random moments (seed ${SEED})`, () => {
  const random = createRandom(SEED)

  for (let round = 1; round <= ROUNDS; round += 1)
    it(`makes cluster ${round} all the same, and leaves nothing to plan`, async () => {
      const file = await fleet.writeSpec(specOf(round))
      const since = Date.now()
      const { code, kills, stderr } = await applyUnderFire({ fleet, file, random })
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
      await fleet.waitForHealthy(`pg-${round}`)
      const { changes } = await fleet.json<{ changes: unknown[] }>('plan', '-f', file)
      expect(changes).toEqual([])
      const { chains } = await fleet.json<{ chains: { intact: boolean }[] }>('audit', 'verify')
      expect(chains.every(({ intact }) => intact)).toBe(true)
      process.stdout.write(`round ${round}: killed ${kills.join(', ')}; ${Math.round((Date.now() - since) / 1000)} s\n`)
    })
})

function specOf(count: number): string {
  const clusters = Array.from(
    { length: count },
    (_, index) => `  - name: pg-${index + 1}
    durability: ${index % 2 === 0 ? 'sync' : 'async'}
    workload: tiny
    users: [{ name: app }]
    databases: [{ name: app, owner: app }]`,
  )
  return `version: 1\nfleet:\n  name: hq\n  clientNetworks: [10.10.0.0/16]\nclusters:\n${clusters.join('\n')}\n`
}
