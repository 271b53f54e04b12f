import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { CrashFleet } from '../support/crash/crash-fleet.ts'
import { CrashMatrix } from '../support/crash/crash-matrix.ts'
import { buildCrashPrograms, type CrashPrograms } from '../support/crash/crash-programs.ts'
import { makeCluster, STORIES } from '../support/crash/stories.ts'
import { createRandom, sample } from '../support/random.ts'

/** For each kind of operation a death of the orchestrator and one of the agents, others each time; test/drill/crash-matrix.test.ts dies at all points. */
const SIDES = ['orchestrator', 'agents'] as const
const SEED = Date.now() % 1_000_000

let programs: CrashPrograms | undefined
beforeAll(async () => {
  programs = await buildCrashPrograms()
}, 240_000)
afterAll(() => programs?.[Symbol.asyncDispose]())

describe(`killed at points that are drawn by lot (seed ${SEED})`, () => {
  it.each(STORIES)('$kind ends the same, with one effect for each command', { timeout: 900_000 }, async story => {
    if (programs === undefined) throw new Error('not built')
    const fleet = await CrashFleet.start({ programs, hosts: 3 })
    onTestFinished(() => fleet[Symbol.asyncDispose]())
    await makeCluster(fleet)
    const matrix = new CrashMatrix(fleet, story)
    const random = createRandom(SEED)
    const all = await matrix.points()
    const points = SIDES.flatMap(wanted =>
      sample(
        all.filter(({ side }) => side === wanted),
        1,
        random,
      ),
    )
    let reached = 0
    for (const point of points) if (await matrix.dieAt(point)) reached += 1
    expect(reached).toBeGreaterThan(0)
  })
})
