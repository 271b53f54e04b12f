import type { FleetSpec } from '../../shared/domain/spec.ts'
import { type PackageDemand, requiredPackages } from '../plan/packages.ts'

/** What any cluster needs on an OS, and what those of the applied spec need beyond it. */
export function basicPackages(os: string, applied: FleetSpec | undefined): readonly string[] {
  return requiredPackages({ clusters: [...(applied?.clusters ?? []), ANY_CLUSTER] }, os)
}

const ANY_CLUSTER: PackageDemand = { template: { schemas: [], extensions: [] }, databases: [], packages: [] }
