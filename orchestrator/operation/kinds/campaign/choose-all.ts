import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import type { FleetRuntime, RuntimeId } from '../../../../shared/domain/runtime.ts'
import { putRuntime } from '../../../inventory/fleet-runtimes.ts'
import type { ProgramStep } from '../../program.ts'
import { sceneOf, type Target, targetOf, withNeeds } from '../upgrade/choose-target.ts'
import type { CampaignInput } from './campaign.ts'
import { offersFor } from './look.ts'

export interface ChosenTarget extends Pick<Target, 'serverVersion' | 'nodes' | 'trial'> {
  readonly cluster: ClusterName
  readonly runtime: RuntimeId | null
  /** Members that run something else now. */
  readonly changes: readonly InstanceName[]
}

/** What every cluster is to run. Chosen once, so that what was tried at the beginning is what each of them gets at its turn. */
export interface Chosen {
  readonly targets: readonly ChosenTarget[]
  readonly runtimes: readonly FleetRuntime[]
}

/** The runtimes become known to the fleet with it. Errors: `not-found`. */
export function chooseAll(input: CampaignInput): ProgramStep<Chosen> {
  return {
    title: `choose what ${input.clusters.length} clusters are to run`,
    async act(context) {
      const snapshot = await context.fleet.snapshot({})
      const offers = await offersFor(input, snapshot, context)
      const { to } = input
      const whole = new Map<RuntimeId, FleetRuntime>()
      const targets: ChosenTarget[] = []
      for (const { name } of input.clusters) {
        const scene = sceneOf(name, snapshot)
        const request = { cluster: name, ...(to === undefined ? {} : { to }) }
        const chosen = targetOf(request, scene, offers[scene.os] ?? {}, snapshot)
        const key = chosen.runtime?.id ?? ''
        const known = whole.get(key)
        const target = known === undefined ? await withNeeds(chosen, snapshot, context) : { ...chosen, runtime: known }
        if (target.runtime !== null) whole.set(key, target.runtime)
        const { serverVersion, nodes, trial, before } = target
        const runtime = target.runtime?.id ?? null
        const changes = Object.keys(before).filter(instance => before[instance] !== runtime)
        targets.push({ cluster: name, runtime, serverVersion, nodes, trial, changes })
      }
      const runtimes = [...new Map([...whole.values()].map(runtime => [runtime.id, runtime])).values()]
      return {
        result: { targets, runtimes },
        detail: runtimes.map(({ id }) => id).join(', ') || 'what is installed',
        alongside: runtimes.map(putRuntime),
      }
    },
  }
}
