import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CrashFleet } from '../support/crash/crash-fleet.ts'
import { CrashMatrix } from '../support/crash/crash-matrix.ts'
import { buildCrashPrograms, type CrashPrograms } from '../support/crash/crash-programs.ts'
import { STORIES } from '../support/crash/stories.ts'
import { createRandom, sample } from '../support/random.ts'

/**
 * For each kind of operation a death of the orchestrator or of the agents, another one each time; test/drill/crash-matrix.test.ts dies
 * at all points. One fleet goes through them all: four hosts, so that members have somewhere to go.
 */
const TRIES = 3
const SEED = Date.now() % 1_000_000

let programs: CrashPrograms | undefined
let fleet: CrashFleet | undefined
beforeAll(async () => {
  programs = await buildCrashPrograms()
  fleet = await CrashFleet.start({ programs, hosts: 4 })
}, 240_000)
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]()
  await programs?.[Symbol.asyncDispose]()
})

describe(`killed at points that are drawn by lot (seed ${SEED})`, () => {
  it.each(STORIES)('$kind ends the same, with one effect for each command', { timeout: 900_000 }, async story => {
    if (fleet === undefined) throw new Error('not built')
    const matrix = new CrashMatrix(fleet, story)
    const random = createRandom(SEED)
    const all = await matrix.points()
    // Now and then a place is passed less often than before.
    for (const point of sample(all, TRIES, random)) if (await matrix.dieAt(point)) return
    expect.fail('no point was reached')
  })
})
