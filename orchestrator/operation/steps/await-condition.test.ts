import { describe, expect, it } from 'vitest'
import type { InstanceObservation } from '../../../shared/domain/observation.ts'
import type { PlanStep } from '../../../shared/domain/plan.ts'
import { ManualClock } from '../../../test/support/manual-clock.ts'
import { type AwaitContext, awaitCondition } from './await-condition.ts'

const leader = {
  kind: 'await',
  condition: { kind: 'leader', cluster: 'pg-main' },
  timeoutMs: 60_000,
} satisfies PlanStep

describe('waiting for a condition', () => {
  it('ends with the observation that fulfils it, having said what was missing meanwhile', async () => {
    const told: string[] = []
    const seen = [instance({ state: 'starting' }), instance({ role: 'primary', state: 'running' })]
    expect(await awaitCondition(leader, context(seen, told))).toEqual({ detail: 'after 1.0 s' })
    expect(told).toEqual(['pg-main has no primary yet: pg-main-1 is starting'])
  })

  it('gives up on an instance that systemd starts again and again, and says what it logged last', async () => {
    const failing = (restarts: number) =>
      instance({ state: 'unreachable', detail: 'it logged last: data directory is not writable', restarts })
    const seen = Array.from({ length: 20 }, (_, second) => failing(40 + second))
    await expect(awaitCondition(leader, context(seen))).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/^pg-main-1 keeps failing: .*not writable/),
    })
  })

  it('says what an instance that keeps failing complained of, also when something else is waited for', async () => {
    const step = {
      kind: 'await',
      condition: { kind: 'services-up', cluster: 'pg-main', instances: ['pg-main-1'] },
      timeoutMs: 60_000,
    } satisfies PlanStep
    const services = [{ name: 'replica', port: 5434, up: false }]
    const detail = 'it logged last: ERROR: Configuration requires watchdog'
    const seen = Array.from({ length: 20 }, (_, second) =>
      instance({
        state: 'unreachable',
        detail: second % 2 === 0 ? detail : 'it logged last: Started',
        restarts: 40 + second,
        services,
      }),
    )
    await expect(awaitCondition(step, context(seen))).rejects.toMatchObject({
      message: expect.stringMatching(/^pg-main-1 keeps failing: .*replica:5434.*requires watchdog$/),
    })
  })

  it('does not hold old restarts against an instance', async () => {
    const seen = [
      ...Array.from({ length: 5 }, () => instance({ state: 'unreachable', restarts: 40 })),
      instance({ role: 'primary', state: 'running' }),
    ]
    expect(await awaitCondition(leader, context(seen))).toEqual({ detail: 'after 5.0 s' })
  })

  it('does not hold restarts against an instance that came before the wait and are told in its course', async () => {
    const seen = [
      instance({ state: 'unreachable', restarts: 4 }),
      ...Array.from({ length: 20 }, () => instance({ state: 'unreachable', restarts: 40 })),
      instance({ role: 'primary', state: 'running' }),
    ]
    expect(await awaitCondition(leader, context(seen))).toEqual({ detail: 'after 21.0 s' })
  })
})

function instance(seen: Partial<InstanceObservation>): InstanceObservation {
  return {
    cluster: 'pg-main',
    instance: 'pg-main-1',
    role: 'unknown',
    state: 'unknown',
    poolers: [],
    services: [],
    ...seen,
  }
}

/** One observation a second. */
function context(seen: readonly InstanceObservation[], told: string[] = []): AwaitContext {
  const clock = new ManualClock()
  let second = 0
  return {
    clock,
    signal: new AbortController().signal,
    progress: line => told.push(line),
    fleet: {
      observations: () => new Map([['n1', { observedAt: 0, instances: seen.slice(second, second + 1) }]]),
      observed: async () => {
        second += 1
        await clock.advance(1000)
      },
    },
  }
}
