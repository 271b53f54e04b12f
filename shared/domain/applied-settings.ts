import type { SettingExplanation } from './plan.ts'
import type { AppliedSettings, Snapshot } from './snapshot.ts'

/** Explained settings of an apply as bare values: what all members of a cluster have, and what single ones have otherwise. */
export function appliedSettings(settings: readonly SettingExplanation[]): NonNullable<Snapshot['appliedSettings']> {
  const clusters: Record<string, AppliedSettings> = {}
  for (const { cluster, instance, name, value } of settings) {
    const { shared, byInstance } = clusters[cluster] ?? { shared: {}, byInstance: {} }
    clusters[cluster] =
      instance === undefined
        ? { shared: { ...shared, [name]: value }, byInstance }
        : { shared, byInstance: { ...byInstance, [instance]: { ...byInstance[instance], [name]: value } } }
  }
  return clusters
}
