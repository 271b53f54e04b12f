import type { Fields } from '../fields.ts'
import { notApplicable } from '../treatment.ts'
import { textOf } from '../values.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { SchemaDraft } from './schemas.ts'

/**
 * What an inventory says of PostgreSQL's own database and a fleet file cannot: it is there before anybody can say how, and Drover
 * leaves it as it is but for its contents, parameters, comment and pool.
 */
export function noteMaintenanceDatabase({ ledger }: ClusterContext, fields: Fields): void {
  for (const key of MADE_WITH) {
    const setting = fields.raw(key)
    if (setting !== undefined)
      ledger.note(setting.path, notApplicable('`postgres` is made together with the cluster, in Pigsty as well'))
  }
  const left = { reason: 'Drover leaves the door of `postgres` as it is', instead: '`hba` says who may log in' }
  for (const key of ['allowconn', 'connlimit', 'revokeconn']) fields.lost(key, left)
  fields.lost('is_template', {
    reason: 'a database that somebody is connected to cannot be copied',
    instead: '`template1` is what others are copied from',
  })
  const file = textOf(fields.raw('baseline')?.value)
  fields.lost('baseline', {
    reason: 'a baseline ends the making of a database, and `postgres` is there already',
    instead: `run ${file ?? 'it'} by hand after the apply`,
  })
}

/** The owner that the inventory gives to PostgreSQL's own database owns its schemas, as in every other one. */
export function ownedBy({
  schemas,
  context,
  fields,
  to,
}: {
  readonly schemas: readonly SchemaDraft[]
  readonly context: ClusterContext
  readonly fields: Fields
  readonly to: string
}): readonly SchemaDraft[] {
  const owner = textOf(fields.raw('owner')?.value)
  const unowned = schemas.some(schema => schema.owner === undefined)
  if (owner === undefined || !unowned || !context.draft.users?.some(({ name }) => name === owner)) {
    fields.lost('owner', { reason: '`postgres` stays with the superuser', instead: 'its objects may have any owner' })
    return schemas
  }
  fields.kept('owner', { to, note: 'the owner of its schemas; `postgres` itself stays with the superuser' })
  return schemas.map(schema => ({ owner, ...schema }))
}

const MADE_WITH = [
  'template',
  'strategy',
  'encoding',
  'locale',
  'lc_collate',
  'lc_ctype',
  'locale_provider',
  'icu_locale',
  'icu_rules',
  'builtin_locale',
  'tablespace',
]
