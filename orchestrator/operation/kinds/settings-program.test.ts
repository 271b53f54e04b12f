import { describe, expect, it } from 'vitest'
import { EMPTY_MANIFEST, type InstanceWatch, type Manifest } from '../../../shared/domain/manifest.ts'
import type { NodeObservation } from '../../../shared/domain/observation.ts'
import { systemClock } from '../../../shared/lib/clock.ts'
import type { Program } from '../program.ts'
import type { StepContext } from '../steps/step-context.ts'
import { settingsProgram } from './settings-program.ts'

describe('the settings of a cluster within an apply', () => {
  it('are compared on every member, also when the orchestrator was started a moment ago and has seen nobody yet', async () => {
    const { compared, run } = fleetOf(['pg-main-1', 'pg-main-2'], { seenAfter: 2 })
    await run()
    expect(compared).toEqual(['pg-main-1', 'pg-main-2'])
  })

  it('are not asked for where nobody runs', async () => {
    const { compared, run } = fleetOf(['pg-main-1', 'pg-main-2'], { seenAfter: 0, stopped: 'pg-main-2' })
    await run()
    expect(compared).toEqual(['pg-main-1'])
  })
})

/** A cluster of which nothing is known until its agents have told so often. */
function fleetOf(
  instances: readonly string[],
  { seenAfter, stopped }: { readonly seenAfter: number; readonly stopped?: string },
) {
  const compared: string[] = []
  let told = 0
  const seen = new Map(
    instances.map(instance => [
      `id-${instance}`,
      { instances: [{ instance, state: instance === stopped ? 'stopped' : 'running' }] } as unknown as NodeObservation,
    ]),
  )
  const context = {
    operationId: 'op-1',
    stepId: '01-01',
    attempt: 1,
    signal: new AbortController().signal,
    clock: systemClock,
    progress: () => undefined,
    fleet: {
      nodeNames: async () => new Map(instances.map(instance => [`id-${instance}`, instance])),
      manifest: async (id: string) => manifestOf(id.slice('id-'.length)),
      manifests: async () => new Map(instances.map(instance => [`id-${instance}`, manifestOf(instance)])),
      observations: () => (told < seenAfter ? new Map() : seen),
      observed: async () => void (told += 1),
    },
    runner: {
      run: async ({ args }: { readonly args: { readonly instance: string } }) => {
        compared.push(args.instance)
        return { state: 'done', result: { startedAt: 1, inRecovery: false, wanted: {}, settings: [] } }
      },
    },
  } as unknown as StepContext
  const op: Program = {
    operationId: 'op-1',
    phase: () => undefined,
    step: async step => (await step.act(context)).result,
    each: async () => [],
    pivot: async () => undefined,
    keep: () => undefined,
  }
  const run = () =>
    settingsProgram({ kind: 'compare-settings', cluster: 'pg-main', awaitSynchronous: false, own: {} }, op)
  return { compared, run }
}

function manifestOf(instance: string): Manifest {
  const watch = { cluster: 'pg-main', instance, poolers: [], services: [] } as unknown as InstanceWatch
  return { ...EMPTY_MANIFEST, watches: { ...EMPTY_MANIFEST.watches, instances: [watch] } }
}
