import type { ClusterName, InstanceName, NodeId } from '../../shared/domain/ids.ts'
import type { FleetRuntime, RuntimeId } from '../../shared/domain/runtime.ts'
import type { FleetRuntimes } from '../../shared/domain/snapshot.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Mutation, Store } from '../store/store.ts'

/** A key each, so that clusters which are upgraded at the same time do not overwrite each other. */
export const RUNTIME_PREFIX = 'runtimes/'
const KNOWN = `${RUNTIME_PREFIX}known/`
const INSTANCE = `${RUNTIME_PREFIX}instance/`
const CLUSTER = `${RUNTIME_PREFIX}cluster/`
const STAGED = `${RUNTIME_PREFIX}staged/`

/** Undefined while the fleet has none. */
export async function readRuntimes(store: Pick<Store, 'range'>): Promise<FleetRuntimes | undefined> {
  const { entries } = await store.range(RUNTIME_PREFIX)
  if (entries.length === 0) return undefined
  const below = <T>(prefix: string): Readonly<Record<string, T>> =>
    Object.fromEntries(
      entries
        .filter(({ key }) => key.startsWith(prefix))
        .map(entry => [entry.key.slice(prefix.length), decodeJson<T>(entry)]),
    )
  return {
    known: below<FleetRuntime>(KNOWN),
    ofInstance: below<RuntimeId | null>(INSTANCE),
    ofCluster: below<RuntimeId | null>(CLUSTER),
    staged: stagedBy(Object.keys(below(STAGED))),
  }
}

export function putRuntime(runtime: FleetRuntime): Mutation {
  return { kind: 'put', key: KNOWN + runtime.id, value: encodeJson(runtime) }
}

/** What an instance runs from its next start on; null: what is installed. */
export function putInstanceRuntime(instance: InstanceName, runtime: RuntimeId | null): Mutation {
  return { kind: 'put', key: INSTANCE + instance, value: encodeJson(runtime) }
}

/** What new members of a cluster get. */
export function putClusterRuntime(cluster: ClusterName, runtime: RuntimeId | null): Mutation {
  return { kind: 'put', key: CLUSTER + cluster, value: encodeJson(runtime) }
}

/** It lies on the node, whether or not anything runs from it. */
export function putStaged(nodeId: NodeId, runtime: RuntimeId): Mutation {
  return { kind: 'put', key: `${STAGED}${nodeId}/${runtime}`, value: encodeJson({}) }
}

export function forgetStaged(nodeId: NodeId, runtime: RuntimeId): Mutation {
  return { kind: 'delete', key: `${STAGED}${nodeId}/${runtime}` }
}

/** From names such as `NODE/RUNTIME`. */
function stagedBy(names: readonly string[]): FleetRuntimes['staged'] {
  const byNode = Map.groupBy(names, name => name.slice(0, name.indexOf('/')))
  return Object.fromEntries(
    [...byNode].map(([node, all]) => [node, all.map(name => name.slice(name.indexOf('/') + 1))]),
  )
}
