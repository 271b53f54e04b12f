import { expect, it } from 'vitest'
import { ManualClock } from '../../../test/support/manual-clock.ts'
import type { Program, ProgramStep } from '../program.ts'
import type { StepContext } from '../steps/step-context.ts'
import { assertHeld, holdPoolers } from './hold-poolers.ts'
import type { Member } from './member.ts'

it('counts from the first pooler that was asked, and lets nothing begin when its timer is about to release it', async () => {
  const clock = new ManualClock(1_000_000)
  const held = await holdPoolers(
    { cluster: 'pg-main', members: [member('pg-main-1'), member('pg-main-2')] },
    oneByOne(),
  )
  expect(held.beginUntil).toBeLessThan(1_000_000 + 15_000)
  expect(() => assertHeld(held, clock.now())).not.toThrow()
  await clock.advance(15_000)
  expect(() => assertHeld(held, clock.now())).toThrow('too much time has passed')

  /** The second pooler is asked a second after the first one. */
  function oneByOne(): Pick<Program, 'step'> {
    let last: Promise<unknown> = Promise.resolve()
    return {
      step: <Result>(step: ProgramStep<Result>) => {
        const result = last.then(async () => {
          const { result } = await step.act(context())
          await clock.advance(1_000)
          return result
        })
        last = result
        return result
      },
    }
  }

  function context(): StepContext {
    const held = { state: 'done', result: { held: true, drainedMs: 3 } } as const
    return { clock, runner: { run: () => Promise.resolve(held) }, signal: AbortSignal.timeout(10_000) } as never
  }
})

function member(instance: string): Member {
  return { nodeId: `node of ${instance}`, instance, watch: { poolers: [{ name: 'pool-rw', port: 6432 }] } } as never
}
