import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { DroverError } from '../../../shared/domain/errors.ts'
import { ManualClock } from '../../../test/support/manual-clock.ts'
import { lookAgain } from './look-again.ts'

it('looks again at what may pass, until it has', async () => {
  const { clock, context, said } = setUp()
  let looks = 0
  const found = lookAgain(
    [],
    () => {
      looks += 1
      if (looks < 4) throw busy(looks)
      return 'well'
    },
    context,
  )
  await pass(clock, 4)
  expect(await found).toBe('well')
  expect(said).toEqual(['pg-1 is unreachable (1)', 'pg-1 is unreachable (2)', 'pg-1 is unreachable (3)'])
})

it('gives up after 20 s, with an error at which nobody tries again', async () => {
  const { clock, context } = setUp()
  const found = lookAgain([], () => throwing(busy(0)), context)
  const ended = expect(found).rejects.toMatchObject({ code: 'conflict', retryable: false, hint: 'drover status' })
  await pass(clock, 30)
  await ended
})

it('does not wait for what stays', async () => {
  const { context, said } = setUp()
  const refused = new DroverError('conflict', 'pg-9 is not one of its standbys', { retryable: false })
  await expect(lookAgain([], () => throwing(refused), context)).rejects.toBe(refused)
  expect(said).toEqual([])
})

function setUp() {
  const clock = new ManualClock()
  const said: string[] = []
  const fleet = { observations: () => new Map(), observed: () => new Promise<void>(() => undefined) }
  const context = {
    clock,
    fleet,
    signal: new AbortController().signal,
    progress: (line: string) => void said.push(line),
  } as unknown as Parameters<typeof lookAgain>[2]
  return { clock, said, context }
}

/** Second by second, for whoever sleeps again. */
async function pass(clock: ManualClock, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await setImmediate()
    await clock.advance(1_000)
  }
}

function busy(number: number): DroverError {
  return new DroverError('conflict', `pg-1 is unreachable (${number})`, { retryable: true, hint: 'drover status' })
}

function throwing(error: DroverError): never {
  throw error
}
