import type { Problem } from '../../shared/domain/problem.ts'
import type { ClusterSpec, ExtensionSpec, FleetSpec, TemplateSpec } from '../../shared/domain/spec.ts'
import { clusterExtensions, extensionHint, findExtension } from './extensions.ts'
import { clusterPlace, failure, wordList } from './problems.ts'

interface Input {
  readonly spec: FleetSpec
  readonly cluster: ClusterSpec
  readonly major: number
}

/** Extensions that the catalogue does not know for this major, or that cannot live in two databases. */
export function checkExtensions(input: Input): readonly Problem[] {
  return [...homesOf(input.cluster).flatMap(home => unknown(home, input)), ...onlyOneDatabase(input)]
}

/** Where extensions are declared: each database, and the template, which ends in many. */
interface Home {
  readonly name: string
  readonly path: string
  readonly extensions: readonly ExtensionSpec[]
}

function homesOf({ databases, template }: ClusterSpec): readonly Home[] {
  return [
    ...databases.map(({ name, extensions }, index) => ({
      name: `database \`${name}\``,
      path: `databases[${index}]`,
      extensions,
    })),
    { name: 'the template', path: 'template', extensions: template.extensions },
  ]
}

function unknown(home: Home, { spec, cluster, major }: Input): readonly Problem[] {
  return home.extensions.flatMap(({ name }, index) =>
    findExtension(name, major) === undefined
      ? [
          failure({
            code: 'unknown-extension',
            message: `extension \`${name}\` of ${home.name} in cluster ${cluster.name} is not known for PostgreSQL ${major}`,
            hint: extensionHint(name),
            ...clusterPlace(spec, cluster, `${home.path}.extensions[${index}]`),
          }),
        ]
      : [],
  )
}

function onlyOneDatabase({ spec, cluster, major }: Input): readonly Problem[] {
  const homes = homesOf(cluster)
  const names = new Set(homes.flatMap(home => home.extensions.map(extension => extension.name)))
  return [...names].flatMap(name => {
    const its = homes.filter(home => home.extensions.some(extension => extension.name === name))
    const isAlone = its.length === 1 && its[0]?.path !== 'template'
    if (findExtension(name, major)?.databaseSetting === undefined || isAlone) return []
    return [
      failure({
        code: 'extension-in-several-databases',
        message: `extension \`${name}\` can live in one database of a cluster, but ${wordList(its.map(home => home.name))} ${its.length === 1 ? 'declares' : 'declare'} it`,
        hint: 'Keep it in one database; it can reach the others.',
        ...clusterPlace(spec, cluster, its.some(({ path }) => path === 'template') ? 'template' : 'databases'),
      }),
    ]
  })
}

/** Libraries to preload for the extensions of a cluster, sorted; not those that a member lacks the package of. */
export function preloads(cluster: ClusterSpec, major: number): readonly string[] {
  const installed = ({ extensions, ...home }: TemplateSpec) => ({
    ...home,
    extensions: extensions.filter(({ waits }) => waits !== 'packages'),
  })
  const able = {
    ...cluster,
    template: installed(cluster.template),
    databases: cluster.databases.map(database => ({ ...database, ...installed(database) })),
  }
  return [...new Set(clusterExtensions(able, major).flatMap(({ preload }) => preload ?? []))].sort()
}

/** Settings that name the home database of an extension. */
export function extensionSettings(cluster: ClusterSpec, major: number): Readonly<Record<string, string>> {
  const homes = [
    ...(cluster.left ?? []).flatMap(({ kind, database, name }) =>
      kind === 'extension' && database !== undefined ? [{ database, name }] : [],
    ),
    ...cluster.databases.flatMap(({ name: database, extensions }) =>
      extensions.map(({ name }) => ({ database, name })),
    ),
  ]
  return Object.fromEntries(
    homes.flatMap(({ database, name }) => {
      const setting = findExtension(name, major)?.databaseSetting
      return setting === undefined ? [] : [[setting, database]]
    }),
  )
}
