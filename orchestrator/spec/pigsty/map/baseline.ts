import type { Fields } from '../fields.ts'
import { textOf } from '../values.ts'
import type { ClusterContext, Item } from './cluster-context.ts'
import { databaseGrants } from './database-grants.ts'

const MOST_CHARACTERS = 65_536

/** Pigsty's own grants, then the content of the baseline file, where the caller could read it. Pigsty runs it at each run, Drover once. */
export function importBaseline(context: ClusterContext, fields: Fields, database: Item<'databases'>): void {
  const grants = databaseGrants(context, database)
  const own = ownBaseline(context, { fields, most: MOST_CHARACTERS - grants.length })
  if (grants !== '' || own !== '') database.baseline = `${grants}${own}`
}

function ownBaseline(
  { baselines }: ClusterContext,
  { fields, most }: { readonly fields: Fields; readonly most: number },
): string {
  const file = textOf(fields.raw('baseline')?.value)
  if (file === undefined || file === '') return ''
  const sql = Object.hasOwn(baselines, file) ? baselines[file] : undefined
  const reason = refusalOf(sql, most)
  if (sql === undefined || reason !== undefined) {
    fields.lost('baseline', { reason: reason ?? '', instead: `run ${file} by hand once the database is there` })
    return ''
  }
  fields.kept('baseline', { to: 'baseline', note: 'it runs once, right after the database was made' })
  return sql
}

function refusalOf(sql: string | undefined, most: number): string | undefined {
  if (sql === undefined) return 'only its name is in the inventory, and no such file beside it was read'
  if (sql.length > most) return `the file has more than ${most} characters`
  return /^\s*\\/m.test(sql) ? 'the file has commands of psql (`\\…`), which the server does not know' : undefined
}
