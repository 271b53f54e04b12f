import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import { type ObjectReference, showObjectReference } from '../../../shared/domain/object-reference.ts'
import type { ClusterSpec, TemplateSpec } from '../../../shared/domain/spec.ts'

/** Where the template's contents are told of; they are in `postgres` and in databases made since as well. */
const TEMPLATE_DATABASE = 'template1'

/** Everything inside its PostgreSQL that a cluster declares by name, but for what every PostgreSQL is born with. */
export function declaredObjects({
  name: cluster,
  users,
  databases,
  template,
}: Pick<ClusterSpec, 'name' | 'users' | 'databases' | 'template'>): readonly ObjectReference[] {
  const inside = (database: string, { schemas, extensions }: TemplateSpec): readonly ObjectReference[] => [
    ...schemas.map(({ name }) => ({ kind: 'schema' as const, cluster, database, name })),
    ...extensions.map(({ name }) => ({ kind: 'extension' as const, cluster, database, name })),
  ]
  return [
    ...users.map(({ name }) => ({ kind: 'user' as const, cluster, name })),
    ...databases
      .filter(({ name }) => name !== MAINTENANCE_DATABASE)
      .map(({ name }) => ({ kind: 'database' as const, cluster, name })),
    ...databases.flatMap(database => inside(database.name, database)),
    ...inside(TEMPLATE_DATABASE, template),
  ]
}

/** What is in one list and not in the other, each once. */
export function objectsWithout(
  objects: readonly ObjectReference[],
  others: readonly ObjectReference[],
): readonly ObjectReference[] {
  const out = new Set(others.map(showObjectReference))
  const left = new Map(objects.map(object => [showObjectReference(object), object]))
  return [...left].flatMap(([reference, object]) => (out.has(reference) ? [] : [object]))
}
