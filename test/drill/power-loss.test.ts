import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CrashFleet } from '../support/crash/crash-fleet.ts'
import { buildCrashPrograms, type CrashPrograms } from '../support/crash/crash-programs.ts'
import { PoweredStore } from '../support/crash/powered-store.ts'
import { shareStore } from '../support/crash/shared-store.ts'
import { STORIES } from '../support/crash/stories.ts'
import { createRandom } from '../support/random.ts'

const SEED = Date.now() % 1_000_000
const LOSSES = 3
const random = createRandom(SEED)

let programs: CrashPrograms
let directory: string
let power: PoweredStore
let unshare: () => Promise<void>
let fleet: CrashFleet
beforeAll(async () => {
  programs = await buildCrashPrograms()
  directory = await mkdtemp(join(tmpdir(), 'drover-powerless-'))
  power = await PoweredStore.create(() => random() * 6)
  const storeSocket = join(directory, 'store.sock')
  unshare = await shareStore(power.store, storeSocket)
  fleet = await CrashFleet.start({ programs, hosts: 4, storeSocket })
}, 240_000)
afterAll(async () => {
  await fleet[Symbol.asyncDispose]()
  await unshare()
  await power[Symbol.asyncDispose]()
  await programs[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

it.each(['restart', 'move'])(
  `a %s goes on where the disk says it is when the orchestrator’s machine loses power (seed ${SEED})`,
  {
    timeout: 900_000,
  },
  async kind => {
    const story = STORIES.find(each => each.kind === kind)
    if (story === undefined) throw new Error('no such story')
    const given = await story.prepare(fleet)
    const before = fleet.world.state()
    const ended = fleet.toItsEnd(api => story.ask(api, given, 0))
    let isOver = false
    const over = ended.finally(() => {
      isOver = true
    })
    for (let loss = 0; loss < LOSSES; loss += 1) {
      await Promise.race([over, delay(200 + random() * 600)])
      if (isOver) break
      power.losePower()
      await fleet.orchestrator.end()
      await power.returns()
      fleet.orchestrator.start()
      await fleet.orchestrator.ready()
    }
    const operation = await over
    // A restart whose clients would have waited for too long is taken back.
    const isDone = operation.failure === null
    if (kind === 'move') expect(operation.failure).toBeNull()
    await story.verify(fleet, { round: 0, given, before, isDone })
    expect(fleet.world.doubled()).toEqual([])
    expect(fleet.world.state().held).toEqual([])
    const { chains } = await fleet.insist(api => api.VerifyAudit({}))
    expect(chains.filter(({ intact }) => !intact)).toEqual([])
  },
)
