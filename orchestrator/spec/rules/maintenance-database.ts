import { gives, type Loose } from '../loose.ts'
import type { Report } from '../report.ts'

/**
 * What a fleet file cannot say of PostgreSQL's own database: it exists before anybody can say how, Drover works through it,
 * and it stays as it is but for what is in it, its parameters, its comment and its pool.
 */
export function checkMaintenanceDatabase(database: Loose, report: Report): void {
  for (const [key, { why, hint }] of Object.entries(REFUSED)) {
    if (!gives(database, key)) continue
    report({
      code: 'maintenance-database',
      message: `\`${key}\` cannot be set for database \`postgres\`: ${why}`,
      path: [...database.path, key],
      hint,
    })
  }
}

interface Refusal {
  readonly why: string
  readonly hint: string
}

const OWN_DATABASE = 'Remove it, or declare a database of another name.'
const BORN: Refusal = { why: 'the database is made together with the cluster', hint: OWN_DATABASE }

const REFUSED: Readonly<Record<string, Refusal>> = {
  owner: {
    why: "it belongs to PostgreSQL's superuser",
    hint: 'Remove it; a schema in it can have an `owner`.',
  },
  encoding: BORN,
  locale: BORN,
  collate: BORN,
  ctype: BORN,
  localeProvider: BORN,
  icuLocale: BORN,
  icuRules: BORN,
  template: BORN,
  strategy: BORN,
  tablespace: BORN,
  baseline: {
    why: 'a baseline ends the making of a database, and this one is there already',
    hint: 'Run it with psql, or declare a database of another name.',
  },
  isTemplate: { why: 'a database that somebody is connected to cannot be copied', hint: OWN_DATABASE },
  allowConnections: { why: 'Drover and Patroni connect to it', hint: 'Remove it; `hba` says who else may log in.' },
  revokePublicConnect: { why: 'Drover leaves its privileges alone', hint: 'Remove it; `hba` says who may log in.' },
  connectionLimit: {
    why: 'Drover and Patroni connect to it as well',
    hint: 'Remove it; `pool.maxConnections` bounds what comes through the pooler.',
  },
}
