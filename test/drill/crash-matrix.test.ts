import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { CrashFleet } from '../support/crash/crash-fleet.ts'
import { CrashMatrix } from '../support/crash/crash-matrix.ts'
import { buildCrashPrograms, type CrashPrograms } from '../support/crash/crash-programs.ts'
import { STORIES } from '../support/crash/stories.ts'

/**
 * The whole crash matrix: for each kind of operation, SIGKILL at every single place where the orchestrator or the agents write, send
 * or receive something. `npm run test:drill crash-matrix -- -t 'agents killed.*switchover'` runs one part.
 */
let programs: CrashPrograms | undefined
beforeAll(async () => {
  programs = await buildCrashPrograms()
}, 240_000)
afterAll(() => programs?.[Symbol.asyncDispose]())

describe.each(['orchestrator', 'agents'] as const)('%s killed:', wanted => {
  it.each(STORIES)('$kind ends the same, with one effect for each command', { timeout: 2 * 3_600_000 }, async story => {
    if (programs === undefined) throw new Error('not built')
    const fleet = await CrashFleet.start({ programs, hosts: 4 })
    onTestFinished(() => fleet[Symbol.asyncDispose]())
    const matrix = new CrashMatrix(fleet, story)
    const points = (await matrix.points()).filter(({ side }) => side === wanted)
    const since = Date.now()
    let reached = 0
    for (const [index, point] of points.entries()) {
      if (await matrix.dieAt(point)) reached += 1
      if ((index + 1) % 20 === 0 || index + 1 === points.length) tell(index + 1)
    }
    expect(reached / points.length).toBeGreaterThan(0.9)

    function tell(played: number): void {
      const seconds = Math.round((Date.now() - since) / 1000)
      const taken = `${matrix.takenBack} taken back`
      process.stdout.write(
        `${story.kind}, ${wanted}: ${reached} of ${played} points reached, ${points.length} in all, ${seconds} s, ${taken}\n`,
      )
    }
  })
})
