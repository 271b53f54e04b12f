import { afterAll, expect, it } from 'vitest'
import { engineTools, TEST_OPERATION } from '../../test/support/engine-tools.ts'
import { createRandom } from '../../test/support/random.ts'
import { temporaryStore } from '../../test/support/temporary-store.ts'
import { createVolatileStore } from '../../test/support/volatile-store.ts'
import type { Mutation, Store } from '../store/store.ts'
import { runOperation } from './engine.ts'
import type { OperationKind } from './program.ts'
import { isEnded } from './state.ts'

const SCHEDULES = 12
const SEED = Date.now() % 1_000_000
const STEPS = 6
const MOST_LOSSES = 200
let allLosses = 0
afterAll(() => expect(allLosses).toBeGreaterThan(SCHEDULES))

/**
 * Power is lost at random moments, and with it every write that was not flushed, until the operation has ended. What is random
 * comes from the seed in the title.
 */
it.each(Array.from({ length: SCHEDULES }, (_, index) => SEED + index))(
  'nothing that was acknowledged is lost with the power, and the operation ends as it should (seed %i)',
  async seed => {
    const random = createRandom(seed)
    await using disk = temporaryStore()
    const effects = new Map<string, number>()
    const acknowledged = new Set<string>()
    const { journal } = engineTools(disk.store)
    await journal.create({ record: TEST_OPERATION, steps: [], input: 0, decisions: [] })
    let losses = 0
    for (; losses < MOST_LOSSES; losses += 1) {
      await livesOnce({ disk: disk.store, random, effects, acknowledged })
      const steps = await journal.steps(TEST_OPERATION.id)
      const onDisk = new Set(steps.filter(({ status }) => status.state === 'done').map(({ title }) => title))
      expect([...acknowledged].filter(title => !onDisk.has(title))).toEqual([])
      if (isEnded((await journal.operation(TEST_OPERATION.id)).status)) break
    }
    allLosses += losses
    expect((await journal.operation(TEST_OPERATION.id)).status).toMatchObject({ state: 'done', output: STEPS })
    expect((await disk.store.range('locks/')).entries).toEqual([])
    expect([...effects.keys()].toSorted()).toEqual(Array.from({ length: STEPS }, (_, index) => `step ${index}`))
    // A step that was acknowledged does not act again: at most once more for each loss that came before that.
    for (const count of effects.values()) expect(count).toBeLessThanOrEqual(losses + 1)
  },
)

/** One process, from start to the loss of power or to the operation's end. */
async function livesOnce(world: {
  readonly disk: Store
  readonly random: () => number
  readonly effects: Map<string, number>
  readonly acknowledged: Set<string>
}): Promise<void> {
  const { disk, random, effects, acknowledged } = world
  await using memory = temporaryStore()
  await copy(disk, memory.store)
  const volatile = createVolatileStore({ seen: memory.store, disk, delayMs: () => random() * 6 })
  const tools = engineTools(volatile.store)
  const kind: OperationKind<never, number> = {
    kind: 'test',
    async run(_, op) {
      op.phase('work')
      const act = (index: number) => async () => {
        const title = `step ${index}`
        expect(acknowledged.has(title)).toBe(false)
        effects.set(title, (effects.get(title) ?? 0) + 1)
        return { result: 1, detail: 'done' }
      }
      const done = await op.each(
        { items: Array.from({ length: STEPS }, (_, index) => index), atOnce: 2 },
        async (index, lane) => {
          const result = await lane.step({ title: `step ${index}`, act: act(index) })
          acknowledged.add(`step ${index}`)
          return result
        },
      )
      return { output: done.length }
    },
  }
  const stopping = new AbortController()
  const ended = runOperation({ id: TEST_OPERATION.id, kind, tools, signal: stopping.signal, stopping: stopping.signal })
  await Promise.race([ended, new Promise(resolve => setTimeout(resolve, random() * 25))])
  volatile.losePower()
  // What is left of the process has nobody to tell.
  ended.catch(() => undefined)
}

/** What a process finds when it is started. */
async function copy(from: Store, to: Store): Promise<void> {
  const { entries } = await from.range('')
  const puts = entries.map(({ key, value }): Mutation => ({ kind: 'put', key, value }))
  for (let index = 0; index < puts.length; index += 100) await to.txn({ success: puts.slice(index, index + 100) })
}
