import { type ClusterContext, clusterSetting } from './cluster-context.ts'
import { importExtensions } from './extensions.ts'
import { importSchemas } from './schemas.ts'

/** Schemas and extensions that Pigsty puts into template1, and so into every database made later. */
export function importTemplate(context: ClusterContext): void {
  const schemas = importSchemas(context, {
    setting: clusterSetting(context, 'pg_default_schemas'),
    to: 'clusters[].template.schemas[]',
  })
  const extensions = importExtensions(context, {
    setting: clusterSetting(context, 'pg_default_extensions'),
    to: 'clusters[].template.extensions[]',
  })
  if (schemas.length + extensions.length > 0) {
    context.draft.template = { schemas: [...schemas], extensions: [...extensions] }
  }
}
