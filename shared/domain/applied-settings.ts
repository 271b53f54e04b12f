import type { InstanceName } from './ids.ts'
import type { SettingExplanation } from './plan.ts'
import type { AppliedSettings, Snapshot } from './snapshot.ts'

/** Explained settings of an apply as bare values: what all members of a cluster have, and what single ones have otherwise. */
export function appliedSettings(settings: readonly SettingExplanation[]): NonNullable<Snapshot['appliedSettings']> {
  const clusters: Record<string, MutableSettings> = {}
  for (const { cluster, instance, name, value } of settings) {
    const applied = (clusters[cluster] ??= { shared: {}, byInstance: {} })
    const place = instance === undefined ? applied.shared : (applied.byInstance[instance] ??= {})
    place[name] = value
  }
  return clusters
}

interface MutableSettings extends AppliedSettings {
  readonly shared: Record<string, string>
  readonly byInstance: Record<InstanceName, Record<string, string>>
}
