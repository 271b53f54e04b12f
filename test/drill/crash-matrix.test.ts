import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CrashFleet } from '../support/crash/crash-fleet.ts'
import { CrashMatrix } from '../support/crash/crash-matrix.ts'
import { buildCrashPrograms, type CrashPrograms } from '../support/crash/crash-programs.ts'
import { makeCluster, STORIES } from '../support/crash/stories.ts'

/**
 * The whole crash matrix: for each kind of operation, SIGKILL at every single place where orchestrator or agents write, send or
 * receive something. `sh test/drill/run.sh crash-matrix -t switchover` runs one kind.
 */
let programs: CrashPrograms | undefined
beforeAll(async () => {
  programs = await buildCrashPrograms()
})
afterAll(() => programs?.[Symbol.asyncDispose]())

describe('killed at every point', () => {
  it.each(STORIES)('$kind ends the same, with one effect for each command', { timeout: 3 * 3_600_000 }, async story => {
    if (programs === undefined) throw new Error('not built')
    await using fleet = await CrashFleet.start({ programs, hosts: 3 })
    await makeCluster(fleet)
    const matrix = new CrashMatrix(fleet, story)
    const points = await matrix.points()
    const since = Date.now()
    let reached = 0
    for (const point of points) if (await matrix.dieAt(point)) reached += 1
    const seconds = Math.round((Date.now() - since) / 1000)
    process.stdout.write(
      `${story.kind}: ${reached} of ${points.length} points reached in ${seconds} s, ${matrix.takenBack} taken back\n`,
    )
    expect(reached / points.length).toBeGreaterThan(0.9)
  })
})
