import { type ClusterContext, clusterSetting } from './cluster-context.ts'
import { importSchemaList } from './databases.ts'
import { importExtensions } from './extensions.ts'

/** Schemas and extensions that Pigsty puts into template1, and so into every database made later. */
export function importTemplate(context: ClusterContext): void {
  const declared = clusterSetting(context, 'pg_default_schemas')
  const schemas =
    declared === undefined ? [] : importSchemaList(context.ledger, declared, 'clusters[].template.schemas[]')
  const extensions = importExtensions(context, {
    setting: clusterSetting(context, 'pg_default_extensions'),
    to: 'clusters[].template.extensions[]',
  })
  if (schemas.length + extensions.length > 0) {
    context.draft.template = { schemas: [...schemas], extensions: [...extensions] }
  }
}
