import { fixedSchemaOf } from '../../../plan/check-extension-schemas.ts'
import { findExtension } from '../../../plan/extensions.ts'
import { Fields } from '../fields.ts'
import { entriesOf, isTable, type Setting, type Table, textOf } from '../values.ts'
import type { ClusterContext, Item } from './cluster-context.ts'

export type ExtensionDraft = Exclude<NonNullable<Item<'databases'>['extensions']>[number], string>

/** `CREATE EXTENSION` of what Drover can install; the rest is named as lost. */
export function importExtensions(
  context: ClusterContext,
  { setting, to }: { readonly setting: Setting | undefined; readonly to: string },
): readonly ExtensionDraft[] {
  return setting === undefined
    ? []
    : entriesOf(setting).flatMap(entry => importExtension(context, { setting: entry, to }))
}

function importExtension(
  { ledger, major }: ClusterContext,
  { setting, to }: { readonly setting: Setting; readonly to: string },
): readonly ExtensionDraft[] {
  const table: Table = isTable(setting.value) ? setting.value : { name: setting.value }
  const name = textOf(table['name']) ?? ''
  if (textOf(table['state']) === 'absent') {
    ledger.lost(setting.path, { reason: 'an apply never removes an extension', instead: 'it is left out' })
    return []
  }
  if (findExtension(name, major) === undefined) {
    ledger.lost(setting.path, {
      reason: `no package of extension \`${name}\` for PostgreSQL ${major} is known`,
      instead: 'the database is made without it',
    })
    return []
  }
  const extension: { name: string; schema?: string; version?: string } = { name }
  if (!isTable(setting.value)) {
    ledger.kept({ path: setting.path, to: `${to}.name`, into: extension })
    return [extension]
  }
  const fields = new Fields({ setting: { path: setting.path, value: table }, ledger, to, into: extension })
  fields.kept('name', { to: 'name' })
  fields.kept('state', { to: 'name' })
  const fixed = fixedSchemaOf(name)
  const isElsewhere = fixed !== undefined && textOf(table['schema']) !== fixed
  if (isElsewhere)
    fields.lost('schema', { reason: `PostgreSQL puts ${name} into \`${fixed}\` only`, instead: 'it goes there' })
  for (const key of ['schema', 'version'] as const) {
    if (key === 'schema' && isElsewhere) continue
    const text = fields.text(key, key)
    if (text !== undefined) extension[key] = text
  }
  fields.finish()
  return [extension]
}
