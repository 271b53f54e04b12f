import { describe, expect, it } from 'vitest'
import type { Look, ServerSurvey } from '../../shared/domain/look.ts'
import { createLog } from '../../shared/lib/log.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import type { Surveyed } from '../observe/survey/surveyor.ts'
import { createLookLoop } from './look-loop.ts'

const SURVEY: ServerSurvey = {
  settings: [],
  hba: { lines: [], errors: [], isUnread: false },
  slots: [],
  config: {},
  members: [],
}
const REPORT = { checkedAt: 1, manifestHash: 'hash', items: [] }

function server(digest: string): Surveyed {
  return { instance: 'pg-1', digest, survey: SURVEY, contents: 'c' }
}

async function looking(compare: () => Promise<typeof REPORT | null> = async () => REPORT) {
  const clock = new ManualClock()
  const stop = new AbortController()
  const told: Look[] = []
  const thorough: boolean[] = []
  let servers: readonly Surveyed[] = [server('one')]
  const loop = createLookLoop({
    watches: () => [],
    survey: async request => {
      thorough.push(request.thorough)
      return servers
    },
    compare,
    clientsWait: () => false,
    clock,
    log: createLog({ level: 'silent' }),
  })
  const ended = loop
    .run(json => told.push(JSON.parse(json.toString()) as Look), stop.signal)
    .catch((error: unknown) => error)
  await clock.advance(0)
  return {
    loop,
    told,
    thorough,
    see: (seen: readonly Surveyed[]) => {
      servers = seen
    },
    async pass(ms: number) {
      await clock.advance(ms)
      // A question wakes the loop by an event, beside the clock.
      await new Promise(setImmediate)
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await ended
    },
  }
}

describe('an agent that looks closely', () => {
  it('tells a new session everything, and later only what is new', async () => {
    await using agent = await looking()
    expect(agent.told).toEqual([{ answers: 0, servers: [server('one')] }])
    await agent.pass(80_000)
    expect(agent.thorough.length).toBeGreaterThan(1)
    expect(agent.told).toHaveLength(1)
    agent.see([server('two')])
    await agent.pass(80_000)
    expect(agent.told.at(-1)).toEqual({ answers: 0, servers: [server('two')] })
    agent.see([{ instance: 'pg-1', why: 'nobody answers' }])
    await agent.pass(80_000)
    expect(agent.told.at(-1)?.servers).toEqual([{ instance: 'pg-1', why: 'nobody answers' }])
    agent.see([server('two')])
    await agent.pass(80_000)
    expect(agent.told.at(-1)?.servers).toEqual([server('two')])
  })

  it('answers a question with its host and its servers, without telling a survey twice', async () => {
    await using agent = await looking()
    await agent.pass(1_000)
    agent.loop.ask(7)
    await agent.pass(0)
    const { survey: _, ...brief } = { ...server('one'), survey: SURVEY }
    expect(agent.told.at(-1)).toEqual({ answers: 7, drift: REPORT, servers: [brief] })
    expect(agent.thorough.at(-1)).toBe(true)
  })

  it('answers many questions at once together, and not more often than twice a second', async () => {
    await using agent = await looking()
    await agent.pass(1_000)
    for (let number = 1; number <= 20; number += 1) {
      agent.loop.ask(number)
      await agent.pass(50)
    }
    await agent.pass(1_000)
    expect(agent.told.length).toBeLessThanOrEqual(5)
    expect(agent.told.at(-1)?.answers).toBe(20)
  })

  it('also answers when its host cannot be compared', async () => {
    await using agent = await looking(async () => {
      throw new Error('no disk')
    })
    await agent.pass(1_000)
    agent.loop.ask(1)
    await agent.pass(0)
    expect(agent.told.at(-1)).toMatchObject({ answers: 1 })
    expect(agent.told.at(-1)).not.toHaveProperty('drift')
  })
})
