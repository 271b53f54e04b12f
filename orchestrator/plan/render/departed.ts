import type { DepartedInstance } from '../../../shared/domain/manifest.ts'
import type { DepartedMember } from '../../../shared/domain/snapshot.ts'
import { type Fragment, stoppedUnit } from './items.ts'
import type { LocalInstance } from './members.ts'
import { haproxyConfig, haproxyStates, instancePaths, tlsPaths } from './paths.ts'
import type { RenderInput } from './render-input.ts'
import { haproxyUnit, patroniUnit, poolerUnit } from './unit-names.ts'

/** Of members that left this node: nothing of them runs or starts with the host, and no configuration and no key stays. */
export function departedFragments(input: RenderInput, locals: readonly LocalInstance[]): readonly Fragment[] {
  const gone = departedHere(input)
  const clusters = [...new Set(gone.map(({ cluster }) => cluster))].filter(
    name => !locals.some(local => local.cluster.name === name),
  )
  // In the order in which they would start: they stop the other way round.
  return [
    ...gone.map(({ instance }) => {
      const { patroniDirectory, poolerDirectory } = instancePaths(instance)
      const unit = patroniUnit(instance)
      return {
        units: [stoppedUnit(unit)],
        leftovers: [
          patroniDirectory,
          poolerDirectory,
          tlsPaths(instance).directory,
          `/etc/systemd/system/${unit}.d`,
        ].map(path => ({ path })),
      }
    }),
    ...clusters.map(cluster => ({
      units: [stoppedUnit(haproxyUnit(cluster))],
      leftovers: [haproxyConfig(cluster), haproxyStates(cluster)].map(path => ({ path })),
    })),
    ...gone.map(({ instance }) => ({
      units: [poolerUnit('rw', instance), poolerUnit('ro', instance)].map(stoppedUnit),
    })),
  ]
}

/** The only instances whose data the agent lets be erased. */
export function departedInstances(input: RenderInput): readonly DepartedInstance[] {
  return departedHere(input).map(({ instance, dataDirectory }) => ({ instance, dataDirectory }))
}

function departedHere({ allocations, nodeId }: RenderInput): readonly DepartedMember[] {
  return (allocations.departed ?? [])
    .filter(member => member.nodeId === nodeId)
    .toSorted((left, right) => (left.instance < right.instance ? -1 : 1))
}
