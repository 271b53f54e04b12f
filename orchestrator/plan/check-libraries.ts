import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { textOf } from './check-parameters.ts'
import { EXTENSIONS } from './extension-catalogue.ts'
import { findExtension } from './extensions.ts'
import { clusterPackages } from './packages.ts'
import { libraryList } from './preload-libraries.ts'
import { clusterPlace, failure } from './problems.ts'

const PARAMETER = 'shared_preload_libraries'

/** Libraries that the file itself names and whose package nothing of it brings: no server would start with them. */
export function checkLibraries({
  spec,
  cluster,
  major,
}: {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly major: number
}): readonly Problem[] {
  const named = Object.entries(cluster.parameters).find(([name]) => name.toLowerCase() === PARAMETER)
  if (named === undefined) return []
  const installed = new Set(clusterPackages(cluster, major))
  return libraryList(textOf(named[1])).flatMap(library => {
    const packages = packagesWith(library, major)
    const [first] = packages
    if (first === undefined || packages.some(name => installed.has(name))) return []
    return [
      failure({
        code: 'library-without-package',
        message: `cluster ${cluster.name} is to load ${library}, which comes with package ${first}, and nothing in the spec brings that: no server would start`,
        hint: `Declare the extension in a database, which loads the library by itself, or add \`packages: [${first}]\`.`,
        ...clusterPlace(spec, cluster, `parameters.${named[0]}`),
      }),
    ]
  })
}

/** Those that the catalogue knows to bring it; none for what comes with the server, and for what it does not know. */
function packagesWith(library: string, major: number): readonly string[] {
  return Object.keys(EXTENSIONS).flatMap(name => {
    const extension = findExtension(name, major)
    return extension?.preload === library ? (extension.packageName?.(major) ?? []) : []
  })
}
