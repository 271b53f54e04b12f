import { expect, it, onTestFinished } from 'vitest'
import { CrashFleet } from '../support/crash/crash-fleet.ts'
import { buildCrashPrograms } from '../support/crash/crash-programs.ts'
import { STORIES } from '../support/crash/stories.ts'
import { until } from '../support/crash/until.ts'

const PATIENCE_MS = 240_000

/** Commands have taken effect, and nobody hears of it until long after their hosts count as silent. */
it.each([
  { kind: 'restart', answer: 6 },
  { kind: 'move', answer: 12 },
])(
  'a $kind whose agents freeze before they answer goes on when they are back, with one effect for each command',
  {
    timeout: 900_000,
  },
  async ({ kind, answer }) => {
    const programs = await buildCrashPrograms()
    onTestFinished(() => programs[Symbol.asyncDispose]())
    const fleet = await CrashFleet.start({ programs, hosts: 4 })
    onTestFinished(() => fleet[Symbol.asyncDispose]())
    const story = STORIES.find(each => each.kind === kind)
    if (story === undefined) throw new Error('no such story')
    const given = await story.prepare(fleet)
    const before = fleet.world.state()
    await fleet.agents.arm(`answer:before:${answer}=stop`)
    const ended = fleet.toItsEnd(api => story.ask(api, given, 0))
    await until(async () => (fleet.agents.isStopped() ? true : null), PATIENCE_MS)
    await until(async () => {
      const { nodes } = await fleet.insist(api => api.ListNodes({}))
      return nodes.every(({ state }) => state === 'silent') ? true : null
    }, PATIENCE_MS)
    const effects = fleet.world.effects().length
    fleet.agents.signal('SIGCONT')
    const operation = await ended
    expect([operation.failure, operation.summary?.state]).toEqual([null, 'done'])
    expect(fleet.world.effects().length).toBeGreaterThan(effects)
    expect(fleet.world.doubled()).toEqual([])
    await story.verify(fleet, { round: 0, given, before, isDone: true })
  },
)
