import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import {
  isInside,
  type ObjectReference,
  objectPhrase,
  parseObjectReference,
  sameObject,
  showObjectReference,
} from '../../../shared/domain/object-reference.ts'
import { KEEP_MS, type PlanIntent } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { RetiredObject, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { failure, warning } from '../problems.ts'
import { declaredObjects } from './declared-objects.ts'
import { hiddenName } from './hidden-name.ts'

export interface Retirements {
  /** As they are decided when the plan is applied. */
  readonly retired: readonly RetiredObject[]
  readonly problems: readonly Problem[]
}

/**
 * What is taken out of a cluster's PostgreSQL: only what left the spec and was named (S5). What the spec declares again while it is
 * kept comes back. `spec`: after `settleContents`.
 */
export function decideRetirements({
  spec,
  snapshot,
  intent,
}: {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly intent: PlanIntent
}): Retirements {
  const declared = spec.clusters.flatMap(declaredObjects)
  const left = spec.clusters.flatMap(cluster => cluster.left ?? [])
  const known = (snapshot.allocations.retired ?? []).flatMap(object => remembered(object, declared, snapshot))
  const kept = known.filter(({ dropped }) => dropped !== true)
  const problems: Problem[] = kept.flatMap(blockedWarning)
  const added: RetiredObject[] = []
  for (const text of intent.remove ?? []) {
    const object = parseObjectReference(text)
    if (object === undefined || [...kept, ...added].some(each => sameObject(each, object))) continue
    const problem = whyNot({ object, declared, left, snapshot })
    if (problem !== undefined) problems.push(problem)
    else added.push({ ...object, ...hiddenName(object), keepMs: intent.keepMs ?? KEEP_MS })
  }
  return { retired: [...known, ...added], problems }
}

/** A tombstone of what is gone is needed until no applied spec names it as left. */
function remembered(
  object: RetiredObject,
  declared: readonly ObjectReference[],
  { appliedSpec, allocations: { clusters, removed = {} } }: Snapshot,
): readonly RetiredObject[] {
  if (clusters[object.cluster] === undefined && removed[object.cluster] === undefined) return []
  const isDeclared = declared.some(each => sameObject(each, object))
  if (object.dropped !== true) {
    const { returning: _returning, ...rest } = object
    return [isDeclared ? { ...rest, returning: true } : rest]
  }
  const before = appliedSpec?.clusters.find(({ name }) => name === object.cluster)
  const named = [...(before?.left ?? []), ...(before === undefined ? [] : declaredObjects(before))]
  return !isDeclared && named.some(each => sameObject(each, object)) ? [object] : []
}

function whyNot({
  object,
  declared,
  left,
  snapshot,
}: {
  readonly object: ObjectReference
  readonly declared: readonly ObjectReference[]
  readonly left: readonly ObjectReference[]
  readonly snapshot: Snapshot
}): Problem | undefined {
  const { cluster } = object
  const what = `${objectPhrase(object)} of cluster ${cluster}`
  if (declared.some(each => sameObject(each, object)))
    return failure({
      code: 'removal-not-in-spec',
      message: `${what} is named to go, and the spec declares it`,
      hint: 'Take it out of the spec first.',
    })
  const database = object.kind === 'database' ? object.name : object.database
  if (database === MAINTENANCE_DATABASE && !isInside(object.kind))
    return failure({
      code: 'removal-impossible',
      message: `database ${MAINTENANCE_DATABASE} of cluster ${cluster} belongs to PostgreSQL itself`,
      hint: 'Name what is to go in it.',
    })
  if (!left.some(each => sameObject(each, object)))
    return failure({
      code: 'removal-unknown',
      message: `no spec that was applied ever declared ${what}`,
      hint: `Check the name; what nobody declared is dropped by hand: \`drover cluster psql ${cluster}\`.`,
    })
  if (snapshot.allocations.clusters[cluster]?.hibernated === undefined) return undefined
  return failure({
    code: 'removal-blocked',
    message: `cluster ${cluster} is stopped: ${objectPhrase(object)} leaves only a cluster that runs`,
    hint: `drover cluster start ${cluster}`,
  })
}

function blockedWarning(object: RetiredObject): readonly Problem[] {
  if (object.blocked === undefined || object.returning === true) return []
  const reference = showObjectReference(object)
  return [
    warning({
      code: 'drop-blocked',
      message: `${objectPhrase(object)} of cluster ${object.cluster} is over its time and was not dropped: ${object.blocked}`,
      hint: `Mend that; it is tried again by itself, or at once with \`drover cluster purge ${reference} --confirm ${reference}\`.`,
    }),
  ]
}
