import { readInventory, settingsOf } from './inventory.ts'
import { entriesOf, isTable, textOf } from './values.ts'

/** Names of the baseline files that an inventory mentions, for a caller that can read files. Empty when it cannot be read. */
export function baselineNames(text: string): readonly string[] {
  const inventory = readInventory(text)
  if (!('groups' in inventory)) return []
  const databases = settingsOf(inventory).filter(({ name }) => name === 'pg_databases')
  const names = databases
    .flatMap(({ setting }) => entriesOf(setting))
    .flatMap(({ value }) => (isTable(value) ? (textOf(value['baseline']) ?? []) : []))
  return [...new Set(names)].filter(name => name !== '')
}
