import { Fields } from '../fields.ts'
import { entriesOf, isTable, type Setting, type Table, textOf } from '../values.ts'
import type { ClusterContext, Item } from './cluster-context.ts'

export type SchemaDraft = Exclude<NonNullable<Item<'databases'>['schemas']>[number], string>

/** `CREATE SCHEMA`, in a database or in the template. */
export function importSchemas(
  { ledger }: ClusterContext,
  { setting, to }: { readonly setting: Setting | undefined; readonly to: string },
): readonly SchemaDraft[] {
  if (setting === undefined) return []
  return entriesOf(setting).flatMap((entry): readonly SchemaDraft[] => {
    const table: Table = isTable(entry.value) ? entry.value : { name: entry.value }
    const name = textOf(table['name'])
    if (name === undefined || textOf(table['state']) === 'absent') {
      ledger.lost(entry.path, {
        reason: name === undefined ? 'the schema has no name' : 'an apply never removes a schema',
        instead: 'it is left out',
      })
      return []
    }
    const schema: { name: string; owner?: string } = { name }
    if (!isTable(entry.value)) {
      ledger.kept({ path: entry.path, to: `${to}.name`, into: schema })
      return [schema]
    }
    const fields = new Fields({ setting: { path: entry.path, value: table }, ledger, to, into: schema })
    fields.kept('name', { to: 'name' })
    fields.kept('state', { to: 'name' })
    const owner = fields.text('owner', 'owner')
    if (owner !== undefined) schema.owner = owner
    fields.finish()
    return [schema]
  })
}
