import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { CrashFleet } from '../support/crash/crash-fleet.ts'
import { CrashMatrix, type CrashStory } from '../support/crash/crash-matrix.ts'
import { buildCrashPrograms, type CrashPrograms } from '../support/crash/crash-programs.ts'
import { STORIES } from '../support/crash/stories.ts'

/**
 * The whole crash matrix: for each kind of operation, SIGKILL at every single place where the orchestrator or the agents write, send
 * or receive something. `npm run test:drill crash-matrix -- -t 'agents killed.*switchover'` runs one part,
 * `DROVER_CRASH_FROM=360` before it leaves out so many points of each, which were played before, and `DROVER_CRASH_EVERY=8` plays one in
 * eight.
 */
const FROM = Number(process.env['DROVER_CRASH_FROM'] ?? 0)
const EVERY = Number(process.env['DROVER_CRASH_EVERY'] ?? 1)

let programs: CrashPrograms | undefined
beforeAll(async () => {
  programs = await buildCrashPrograms()
}, 240_000)
afterAll(() => programs?.[Symbol.asyncDispose]())

describe.each(['orchestrator', 'agents'] as const)('%s killed:', wanted => {
  it.each(STORIES)('$kind ends the same, with one effect for each command', { timeout: 2 * 3_600_000 }, async story => {
    if (programs === undefined) throw new Error('not built')
    let matrix = await newMatrix(programs, story)
    const all = (await matrix.points()).filter(({ side }) => side === wanted)
    const points = all.slice(FROM).filter((_, index) => index % EVERY === 0)
    const since = Date.now()
    const failures: unknown[] = []
    let [reached, takenBack] = [0, 0]
    for (const [index, point] of points.entries()) {
      try {
        if (await matrix.dieAt(point)) reached += 1
      } catch (error) {
        // What one death has spoilt is not held against the others.
        failures.push(error)
        process.stdout.write(`${String(error)}: ${String(error instanceof Error ? error.cause : '')}\n`)
        takenBack += matrix.takenBack
        matrix = await newMatrix(programs, story)
        await matrix.points()
      }
      if ((index + 1) % 20 === 0 || index + 1 === points.length) tell(index + 1)
    }
    expect(failures).toEqual([])
    // Agents have no part in some of them.
    expect(reached).toBeGreaterThanOrEqual(0.9 * points.length)

    function tell(played: number): void {
      const seconds = Math.round((Date.now() - since) / 1000)
      process.stdout.write(
        `${story.kind}, ${wanted}: ${reached} of ${played} points reached, from the ${FROM + 1}th of ${all.length}, ${seconds} s, ${takenBack + matrix.takenBack} taken back, ${failures.length} failed\n`,
      )
    }
  })
})

async function newMatrix(programs: CrashPrograms, story: CrashStory): Promise<CrashMatrix> {
  const fleet = await CrashFleet.start({ programs, hosts: 4 })
  onTestFinished(() => fleet[Symbol.asyncDispose]())
  return new CrashMatrix(fleet, story)
}
