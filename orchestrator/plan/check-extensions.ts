import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'
import { extensionHint, findExtension } from './extensions.ts'
import { clusterPlace, failure, wordList } from './problems.ts'

/** Extensions that the catalogue does not know for this major, or that cannot live in two databases. */
export function checkExtensions({
  spec,
  cluster,
  major,
}: {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly major: number
}): readonly Problem[] {
  const unknown = cluster.databases.flatMap((database, databaseIndex) =>
    database.extensions.flatMap(({ name }, index) =>
      findExtension(name, major) === undefined
        ? [
            failure({
              code: 'unknown-extension',
              message: `extension \`${name}\` of database \`${database.name}\` in cluster ${cluster.name} is not known for PostgreSQL ${major}`,
              hint: extensionHint(name),
              ...clusterPlace(spec, cluster, `databases[${databaseIndex}].extensions[${index}]`),
            }),
          ]
        : [],
    ),
  )
  return [...unknown, ...onlyOneDatabase({ spec, cluster, major })]
}

function onlyOneDatabase({
  spec,
  cluster,
  major,
}: {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly major: number
}): readonly Problem[] {
  const names = new Set(cluster.databases.flatMap(database => database.extensions.map(extension => extension.name)))
  return [...names].flatMap(name => {
    const homes = cluster.databases.filter(database => database.extensions.some(extension => extension.name === name))
    if (findExtension(name, major)?.databaseSetting === undefined || homes.length < 2) return []
    return [
      failure({
        code: 'extension-in-several-databases',
        message: `extension \`${name}\` can live in one database of a cluster, but ${wordList(homes.map(home => home.name))} declare it`,
        hint: 'Keep it in one of them; it can reach the others.',
        ...clusterPlace(spec, cluster, 'databases'),
      }),
    ]
  })
}

/** Libraries to preload for the extensions of a cluster, sorted. */
export function preloads(cluster: ClusterSpec, major: number): readonly string[] {
  return [
    ...new Set(
      cluster.databases.flatMap(database =>
        database.extensions.flatMap(({ name }) => findExtension(name, major)?.preload ?? []),
      ),
    ),
  ].sort()
}

/** Settings that name the home database of an extension. */
export function extensionSettings(cluster: ClusterSpec, major: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    cluster.databases.flatMap(database =>
      database.extensions.flatMap(({ name }) => {
        const setting = findExtension(name, major)?.databaseSetting
        return setting === undefined ? [] : [[setting, database.name]]
      }),
    ),
  )
}
