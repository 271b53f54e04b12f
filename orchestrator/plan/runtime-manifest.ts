import type { InstanceName } from '../../shared/domain/ids.ts'
import type { Manifest } from '../../shared/domain/manifest.ts'
import { type RuntimeId, type RuntimeItem, runtimePrefix } from '../../shared/domain/runtime.ts'
import { instancePaths } from './render/paths.ts'

/**
 * Changes of a manifest that an upgrade makes, one at a time, beside all that other operations change of the same node. What comes
 * out is what the planner would render afterwards, so that the next plan finds nothing to do.
 */

/** With one runtime more; as it is when that is there already. */
export function withRuntime(manifest: Manifest, { id, postgresVersion, packages }: RuntimeItem): Manifest {
  const others = manifest.runtimes ?? []
  if (others.some(each => each.id === id)) return manifest
  const runtimes = [...others, { id, postgresVersion, packages }].sort((left, right) => (left.id < right.id ? -1 : 1))
  return { ...manifest, runtimes }
}

export function withoutRuntime(manifest: Manifest, id: RuntimeId): Manifest {
  const { runtimes = [], ...others } = manifest
  const left = runtimes.filter(each => each.id !== id)
  return left.length === 0 ? others : { ...others, runtimes: left }
}

/** With an instance led to another runtime, from its next start on; null: to what is installed. */
export function ledTo(manifest: Manifest, instance: InstanceName, runtime: RuntimeId | null): Manifest {
  const { runtime: path } = instancePaths(instance)
  const target = runtimePrefix(runtime ?? undefined)
  return { ...manifest, links: (manifest.links ?? []).map(link => (link.path === path ? { path, target } : link)) }
}
