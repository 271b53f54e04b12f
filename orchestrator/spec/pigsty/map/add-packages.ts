import type { ClusterContext } from './cluster-context.ts'

/** Each package once, in the order of the inventory. */
export function addPackages({ draft }: ClusterContext, names: readonly string[]): void {
  const packages = [...new Set([...(draft.packages ?? []), ...names])]
  if (packages.length > 0) draft.packages = packages
}
