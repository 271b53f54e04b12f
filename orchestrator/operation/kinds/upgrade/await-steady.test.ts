import { expect, it } from 'vitest'
import type { InstanceObservation } from '../../../../shared/domain/observation.ts'
import type { StepContext } from '../../steps/step-context.ts'
import { awaitSteady } from './await-steady.ts'

const member = { nodeId: 'n1', instance: 'pg-1' } as Parameters<typeof awaitSteady>[1][number]

/** One look a second: how the server is then; the last one stays. */
function contextOf(looks: readonly Partial<InstanceObservation>[]): StepContext & { readonly seconds: () => number } {
  let now = 0
  const at = () => {
    const seen = { cluster: 'pg', instance: 'pg-1', role: 'primary', state: 'running', startedAt: 'a' }
    const instance = { ...seen, ...looks[Math.min(now, looks.length - 1)] }
    return new Map([['n1', { observedAt: now, instances: [instance] }]])
  }
  const clock = { monotonic: () => now * 1_000, sleep: async () => void (now += 1) }
  const context = { fleet: { observations: at }, clock, signal: new AbortController().signal }
  return { ...context, seconds: () => now } as unknown as ReturnType<typeof contextOf>
}

it('members run steadily when nobody has started anew for a while', async () => {
  const well = contextOf([{}])
  await awaitSteady('pg', [member]).act(well)
  expect(well.seconds()).toBe(12)
  // It ends twice, the second time with another runtime.
  const loop = contextOf([{}, {}, { state: 'stopped' }, { startedAt: 'b' }, { startedAt: 'b' }, { startedAt: 'c' }])
  await awaitSteady('pg', [member]).act(loop)
  expect(loop.seconds()).toBe(5 + 12)
})

it('somebody who never does is named', async () => {
  await expect(awaitSteady('pg', [member]).act(contextOf([{ state: 'start failed' }]))).rejects.toThrow(
    'pg-1 does not run steadily',
  )
})
