import {
  type ObjectKind,
  objectPhrase,
  sameObject,
  showObjectReference,
} from '../../../shared/domain/object-reference.ts'
import type { Change, PlanPhase, RetireStep } from '../../../shared/domain/plan.ts'
import type { RetireItem } from '../../../shared/domain/retire.ts'
import type { RetiredObject } from '../../../shared/domain/snapshot.ts'
import type { ClusterWork, WorkInput } from '../cluster-work.ts'
import { daysPhrase } from '../departures/departure-changes.ts'
import { instancePaths } from '../render/paths.ts'
import { ports } from '../render/ports.ts'
import { presentName } from './tombstones.ts'

/** What is inside goes before what it is in, and users last, since they may own the rest. Back in the other order. */
const ORDER: readonly ObjectKind[] = ['extension', 'schema', 'database', 'user']

/** Before provisioning: what comes back is not made anew. */
export function bringBackPhases(clusters: readonly ClusterWork[], input: WorkInput): readonly PlanPhase[] {
  return phases({ clusters, input, action: 'restore', name: 'bring back', which: returning })
}

/** When nothing leads to it any more: poolers and proxies are as the spec says. */
export function takeAwayPhases(clusters: readonly ClusterWork[], input: WorkInput): readonly PlanPhase[] {
  return phases({ clusters, input, action: 'hide', name: 'take away', which: leaving })
}

/** What is over its time, or was named to be gone at once. */
export function dropPhases(clusters: readonly ClusterWork[], input: WorkInput): readonly PlanPhase[] {
  return phases({ clusters, input, action: 'drop', name: 'drop', which: object => isErased(object, input) })
}

/** In the words of the spec. */
export function retireChanges({ cluster }: ClusterWork, input: WorkInput): readonly Change[] {
  return retiredIn(cluster.name, input).flatMap((object): readonly Change[] => {
    const subject = objectPhrase(object)
    if (returning(object))
      return [{ verb: 'update', subject, reason: 'spec-changed', detail: `${cluster.name}: comes back as it was` }]
    if (leaving(object)) {
      const known = input.snapshot.allocations.retired?.some(each => sameObject(each, object)) === true
      const detail = `${cluster.name}: ${OUT_OF_REACH[object.kind]}, kept for ${daysPhrase(object.keepMs)}`
      return [{ verb: 'remove', subject, reason: known ? 'unfinished' : 'not-in-spec', detail }]
    }
    if (!isErased(object, input)) return []
    return [
      { verb: 'remove', subject: `tombstone of ${subject}`, reason: 'requested', detail: `${cluster.name}: dropped` },
    ]
  })
}

const OUT_OF_REACH: Readonly<Record<ObjectKind, string>> = {
  database: 'closed and renamed',
  schema: 'renamed',
  user: 'no login',
  extension: 'as it is',
}

/** Names of a kind that come back: they are not made. */
export function comesBack(work: ClusterWork, input: WorkInput, kind: ObjectKind): ReadonlySet<string> {
  return new Set(
    retiredIn(work.cluster.name, input).flatMap(object =>
      object.kind === kind && returning(object) ? [object.name] : [],
    ),
  )
}

function returning(object: RetiredObject): boolean {
  return object.returning === true
}

function leaving({ hidden, returning: back, dropped }: RetiredObject): boolean {
  return hidden === undefined && back !== true && dropped !== true
}

/** A database takes with it what is in it. */
function isErased(object: RetiredObject, { erase }: WorkInput): boolean {
  const { cluster, database, hidden, dropped } = object
  const own = showObjectReference(object)
  const home = database === undefined ? '' : showObjectReference({ kind: 'database', cluster, name: database })
  return hidden !== undefined && dropped !== true && [own, home].some(each => erase?.objects?.includes(each) === true)
}

function retiredIn(cluster: string, { allocations }: WorkInput): readonly RetiredObject[] {
  return (allocations.retired ?? []).filter(object => object.cluster === cluster)
}

/** A cluster at a time: its step writes the tombstones of the fleet. */
function phases({
  clusters,
  input,
  action,
  name,
  which,
}: {
  readonly clusters: readonly ClusterWork[]
  readonly input: WorkInput
  readonly action: RetireStep['action']
  readonly name: string
  readonly which: (object: RetiredObject) => boolean
}): readonly PlanPhase[] {
  return clusters
    .filter(({ asleep, cluster }) => !asleep && cluster.standbyOf === undefined)
    .flatMap(work => {
      const objects = retiredIn(work.cluster.name, input)
        .filter(which)
        .toSorted(
          (left, right) => (ORDER.indexOf(left.kind) - ORDER.indexOf(right.kind)) * (action === 'restore' ? -1 : 1),
        )
      if (objects.length === 0) return []
      return [{ name: `${name} in ${work.cluster.name}`, steps: [step({ work, input, action, objects })] }]
    })
}

function step({
  work: { cluster, allocation },
  input,
  action,
  objects,
}: {
  readonly work: ClusterWork
  readonly input: WorkInput
  readonly action: RetireStep['action']
  readonly objects: readonly RetiredObject[]
}): RetireStep {
  const items = objects
    // What goes with its database has nothing left to be done to it.
    .filter(
      ({ database }) => action !== 'drop' || !objects.some(each => each.kind === 'database' && each.name === database),
    )
    .map(object => item(object, action, input))
  return {
    kind: 'retire-objects',
    cluster: cluster.name,
    action,
    objects: objects.map(showObjectReference),
    byInstance: Object.fromEntries(
      allocation.members.map(({ instance, nodeId }) => [
        instance,
        {
          nodeId,
          args: {
            instance,
            socketDirectory: instancePaths(instance).socket,
            port: ports(allocation.portBlock).postgres,
            items,
          },
        },
      ]),
    ),
  }
}

function item(
  { kind, cluster, name, database, hiddenAs, hidden }: RetiredObject,
  action: RetireStep['action'],
  { erase, snapshot, allocations }: WorkInput,
): RetireItem {
  return {
    action,
    kind,
    name,
    ...(database === undefined ? {} : { database: presentName(cluster, database, allocations.retired ?? []) }),
    ...(hiddenAs === undefined ? {} : { hiddenAs }),
    ...(action === 'drop' ? { notBefore: hidden?.dropAfter ?? snapshot.now, early: erase?.early === true } : {}),
  }
}
