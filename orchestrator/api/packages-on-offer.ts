import type { PackageOffer } from '../../proto/gen/drover/v1/PackageOffer.ts'
import { osOf } from '../inventory/snapshot-builder.ts'
import type { PackageRepository } from '../packages/package-repository.ts'
import { plannablePackages } from '../plan/packages.ts'
import type { FleetView } from './fleet-view.ts'

/** Newest version of whatever a plan could ask for, by OS that a node runs. */
export async function packagesOnOffer(
  view: FleetView,
  repository: PackageRepository,
  signal: AbortSignal,
): Promise<Record<string, PackageOffer>> {
  const known = [...view.nodes.values()].flatMap(({ facts }) => (facts === undefined ? [] : (osOf(facts) ?? [])))
  const offers: [string, PackageOffer][] = []
  for (const os of [...new Set(known)].sort()) {
    const names = plannablePackages(os)
    if (names.length === 0) continue
    const versions = await repository.versions({ os, names, signal })
    const newest = Object.entries(versions).flatMap(([name, [first]]) =>
      first === undefined ? [] : [[name, first.version] as const],
    )
    offers.push([os, { versions: Object.fromEntries(newest) }])
  }
  return Object.fromEntries(offers)
}
