import type { Problem } from '../../../shared/domain/problem.ts'
import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { requiredPackages } from '../../plan/packages.ts'
import type { PaperFleet } from './read-facts-file.ts'

/** What stands for the version of a package that was not looked up. */
const ASSUMED_VERSION = 'assumed'

export interface PaperSnapshot {
  readonly snapshot: Snapshot
  /** What was taken as given. */
  readonly warnings: readonly Problem[]
}

/** A fleet of which nothing has been applied yet. There is no time on paper, so that the same files give the same plan. */
export function paperSnapshot(spec: FleetSpec, fleet: PaperFleet): PaperSnapshot {
  const { packages, assumed } = packagesFor(spec, fleet)
  return {
    snapshot: {
      revision: 0,
      now: 0,
      fleet: { id: 'paper', name: spec.fleet.name ?? 'paper' },
      nodes: fleet.nodes,
      allocations: { etcd: null, clusters: {} },
      packages,
      repository: { urls: {}, suite: 'drover', key: '' },
    },
    warnings: assumed.length === 0 ? [] : [notChecked(assumed, fleet.fileName)],
  }
}

/** The file decides about packages that it was asked about; whatever it could not know of is taken to be on offer. */
function packagesFor(
  spec: FleetSpec,
  fleet: PaperFleet,
): { readonly packages: Snapshot['packages']; readonly assumed: readonly string[] } {
  const assumed = new Set<string>()
  const systems = [...new Set(fleet.nodes.flatMap(node => node.os ?? []))].sort()
  const packages = systems.map(os => {
    const listed = fleet.packages[os]
    const unasked =
      listed === undefined ? requiredPackages(spec, os) : spec.clusters.flatMap(cluster => cluster.packages)
    const missing = unasked.filter(name => listed?.[name] === undefined)
    for (const name of missing) assumed.add(name)
    return [os, { ...Object.fromEntries(missing.map(name => [name, ASSUMED_VERSION])), ...listed }] as const
  })
  return { packages: Object.fromEntries(packages), assumed: [...assumed].sort() }
}

function notChecked(names: readonly string[], fileName: string): Problem {
  const shown = names.slice(0, 3).join(', ')
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
  return {
    code: 'packages-not-checked',
    severity: 'warning',
    message: `${fileName} does not say whether ${shown}${more} are on offer: taken as given, versions were not checked`,
    hint: '`drover node list --json --packages` writes them for hosts that have enrolled',
  }
}
