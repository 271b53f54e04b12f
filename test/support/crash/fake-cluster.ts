import { parse } from 'yaml'
import type { InstanceWatch, Manifest } from '../../../shared/domain/manifest.ts'
import type { WorldState } from './fake-world.ts'

type Values = Readonly<Record<string, unknown>>

/** Those whose Patroni is started. */
export function running({ units, watches }: Manifest): readonly InstanceWatch[] {
  const started = new Set(units.flatMap(({ name, state }) => (state === 'started' ? [name] : [])))
  return watches.instances.filter(({ patroniUnit }) => started.has(patroniUnit))
}

export function clusterOf({ manifests }: WorldState, wanted: string): string {
  const instances = Object.values(manifests).flatMap(({ watches }) => watches.instances)
  return instances.find(({ instance }) => instance === wanted)?.cluster ?? ''
}

/** Everybody of the cluster that lives, but its leader. By number: Patroni keeps its confirming standby when somebody joins. */
export function standbysIn(state: WorldState, cluster: string): readonly string[] {
  return Object.values(state.manifests)
    .flatMap(running)
    .filter(watch => watch.cluster === cluster && watch.instance !== state.clusters[cluster]?.leader)
    .map(({ instance }) => instance)
    .filter(instance => !state.dead.includes(instance))
    .sort((left, right) => left.localeCompare(right, 'en', { numeric: true }))
}

/** Those that Patroni names: so many of the able ones as its configuration says (`synchronous_node_count`, 1 by default). */
export function confirmersIn(state: WorldState, cluster: string): readonly string[] {
  const { synchronous_mode: mode, synchronous_node_count: count } = state.dynamic[cluster] ?? {}
  if (mode === undefined || mode === null || mode === false || mode === 'off') return []
  const withdrawn = withdrawnIn(state)
  const able = standbysIn(state, cluster).filter(each => !withdrawn.has(each))
  return able.slice(0, typeof count === 'number' ? count : 1)
}

/** Those whose Patroni is told that they are not to be promoted. */
export function withdrawnIn({ manifests }: WorldState): ReadonlySet<string> {
  const files = Object.values(manifests).flatMap(manifest => manifest.files)
  return new Set(
    files.flatMap(({ path, content }) =>
      path.endsWith('/patroni.yml') && /nofailover: true/.test(content) ? [path.split('/').at(-2) ?? ''] : [],
    ),
  )
}

export function isPaused({ dynamic }: WorldState, cluster: string): boolean {
  return dynamic[cluster]?.['pause'] === true
}

/** Of PostgreSQL, as Patroni has them for the whole cluster. */
export function parametersOf({ dynamic }: WorldState, cluster: string): Values {
  const postgresql = dynamic[cluster]?.['postgresql']
  const parameters = isValues(postgresql) ? postgresql['parameters'] : undefined
  return isValues(parameters) ? parameters : {}
}

/** What a new cluster begins with, from the file of its first member. */
export function seedOf({ files }: Manifest, instance: string): Values {
  const file = files.find(({ path }) => path.endsWith(`/${instance}/patroni.yml`))
  const config = parse(file?.content ?? '') as { readonly bootstrap?: { readonly dcs?: Values } } | null
  return config?.bootstrap?.dcs ?? {}
}

/** JSON merge patch, as Patroni does it: null takes away. */
export function merged(before: Values, patch: Values): Values {
  const result: Record<string, unknown> = { ...before }
  for (const [name, value] of Object.entries(patch)) {
    const old = result[name]
    if (value === null) delete result[name]
    else result[name] = isValues(value) ? merged(isValues(old) ? old : {}, value) : value
  }
  return result
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
