import type { Finding } from '../../../shared/domain/health.ts'
import type { ClusterName } from '../../../shared/domain/ids.ts'
import { type ObjectReference, objectPhrase, showObjectReference } from '../../../shared/domain/object-reference.ts'
import type { RetiredObject } from '../../../shared/domain/snapshot.ts'
import { firstFew } from '../../../shared/lib/first-few.ts'
import { objectsWithout } from '../../plan/contents/declared-objects.ts'
import { finding } from './grade.ts'
import type { HealthView } from './health-view.ts'

/** So many are named; the rest is counted. */
const NAMED = 5

/** What left the fleet file and is still inside a cluster's PostgreSQL: waiting for a name, for its time, or for somebody to mend what holds it. */
export function contentsFindings(
  name: ClusterName,
  { allocations, left }: Pick<HealthView, 'allocations' | 'left'>,
): readonly Finding[] {
  const retired = (allocations.retired ?? []).filter(({ cluster }) => cluster === name)
  const kept = retired.filter(({ dropped, returning }) => dropped !== true && returning !== true)
  const blocked = kept.filter(object => object.blocked !== undefined)
  const waiting = kept.filter(object => object.blocked === undefined)
  const subject = { kind: 'cluster', name } as const
  const concerns = { cluster: name }
  const messages = [unnamed(name, left, retired), outOfReach(waiting)].filter(text => text !== '')
  return [
    ...(blocked.length === 0
      ? []
      : [
          finding({
            code: 'drop-blocked',
            severity: 'warning',
            subject,
            concerns,
            message: `over their time and not dropped: ${firstFew(
              blocked.map(each => `${objectPhrase(each)} (${each.blocked ?? ''})`),
              NAMED,
              ', ',
            )}`,
          }),
        ]),
    ...(messages.length === 0
      ? []
      : [finding({ code: 'kept-objects', severity: 'info', subject, concerns, message: messages.join('; ') })]),
  ]
}

/** What is in a database that left goes without saying. */
function unnamed(name: ClusterName, left: readonly ObjectReference[], retired: readonly RetiredObject[]): string {
  const own = left.filter(({ cluster }) => cluster === name)
  const databases = new Set(own.flatMap(object => (object.kind === 'database' ? [object.name] : [])))
  const told = objectsWithout(own, retired).filter(({ database }) => database === undefined || !databases.has(database))
  const [first] = told
  if (first === undefined) return ''
  return `no longer in the spec, and kept until named (\`drover apply --remove ${showObjectReference(first)}\`): ${firstFew(told.map(objectPhrase), NAMED, ', ')}`
}

function outOfReach(waiting: readonly RetiredObject[]): string {
  const told = waiting.flatMap(object =>
    object.hidden === undefined
      ? []
      : [`${objectPhrase(object)} (${new Date(object.hidden.dropAfter).toISOString().slice(0, 10)})`],
  )
  return told.length === 0 ? '' : `out of reach, and dropped on their day: ${firstFew(told, NAMED, ', ')}`
}
