import { type ObjectReference, showObjectReference } from '../../../shared/domain/object-reference.ts'
import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import type { ClusterSpec, ExtensionSpec, FleetSpec } from '../../../shared/domain/spec.ts'
import { declaredObjects, objectsWithout } from './declared-objects.ts'
import { waitingExtensions } from './waiting-extensions.ts'

export interface ContentsInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  /** Members are restarted where settings wait for it. */
  readonly restart: boolean
}

/**
 * The spec as this plan can make it: extensions that cannot be created yet are marked, and what is no longer declared but
 * still in PostgreSQL is remembered. It becomes the applied spec, so that a later plan sees what is still to be done. Marks of an
 * earlier plan in it count for nothing.
 */
export function settleContents(input: ContentsInput): FleetSpec {
  return { ...input.spec, clusters: input.spec.clusters.map(cluster => settled(cluster, input)) }
}

function settled(cluster: ClusterSpec, input: ContentsInput): ClusterSpec {
  const before = input.snapshot.appliedSpec?.clusters.find(({ name }) => name === cluster.name)
  const { left: _left, ...declared } = cluster
  const left = leftOf(cluster, before, input.snapshot)
  const waiting = waitingExtensions({ ...input, cluster, before })
  const marked = (extensions: readonly ExtensionSpec[]): readonly ExtensionSpec[] =>
    extensions.map(({ waits: _waits, ...extension }) => {
      const waits = waiting.get(extension.name)
      return waits === undefined ? extension : { ...extension, waits }
    })
  return {
    ...declared,
    databases: cluster.databases.map(database => ({ ...database, extensions: marked(database.extensions) })),
    template: { ...cluster.template, extensions: marked(cluster.template.extensions) },
    ...(left.length === 0 ? {} : { left }),
  }
}

/** A cluster that comes back brings its own memory with it. */
function leftOf(
  cluster: ClusterSpec,
  before: ClusterSpec | undefined,
  { allocations }: Snapshot,
): readonly ObjectReference[] {
  if (cluster.standbyOf !== undefined) return []
  const known = [...(before === undefined ? [] : declaredObjects(before)), ...((before ?? cluster).left ?? [])]
  const dropped = (allocations.retired ?? []).filter(
    object => object.dropped === true && object.cluster === cluster.name,
  )
  const gone = new Set(dropped.filter(({ kind }) => kind === 'database').map(({ name }) => name))
  return objectsWithout(known, [...declaredObjects(cluster), ...dropped])
    .filter(({ database }) => database === undefined || !gone.has(database))
    .toSorted((left, right) => (showObjectReference(left) < showObjectReference(right) ? -1 : 1))
}
