import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import { gives, givesSome, type Loose, looseList, looseMap, looseText, names } from '../loose.ts'
import type { Report } from '../report.ts'
import { checkContents } from './contents.ts'
import { checkDatabaseTemplates } from './database-templates.ts'
import { checkLocale } from './locale.ts'
import { checkMaintenanceDatabase } from './maintenance-database.ts'
import { checkOwner } from './owners.ts'
import { checkUnique } from './unique.ts'
import { needsVersion } from './versions.ts'

/** Databases and the template of all databases: owners, locale, templates, and what can be made in them. */
export function checkDatabases(cluster: Loose, report: Report): void {
  const databases = looseList(cluster, 'databases')
  const users = new Set(names(looseList(cluster, 'users')))
  checkUnique({ items: databases, what: 'database', report })
  for (const database of databases) {
    checkContents({ container: database, what: 'database', users, report })
    if (looseText(database, 'name') === MAINTENANCE_DATABASE) {
      checkMaintenanceDatabase(database, report)
      continue
    }
    requireOwner(database, report)
    checkOwner({ item: database, what: 'database', users, report })
    checkLocale({ database, cluster, report })
    checkClosed(database, report)
    checkBaseline(database, report)
    if (gives(database, 'strategy')) {
      needsVersion({ cluster, since: 15, what: '`strategy`', path: [...database.path, 'strategy'], report })
    }
  }
  checkDatabaseTemplates(cluster, report)
  checkContents({ container: looseMap(cluster, 'template'), what: 'template', users, report })
}

function requireOwner(database: Loose, report: Report): void {
  if (gives(database, 'owner')) return
  report({ code: 'missing-key', message: '`owner` is required here', path: [...database.path, 'owner'] })
}

/** Whoever makes a schema or an extension has to connect first. */
function checkClosed(database: Loose, report: Report): void {
  if (database.values['allowConnections'] !== false) return
  const inside =
    ['schemas', 'extensions'].find(key => givesSome(database, key)) ??
    (gives(database, 'baseline') ? 'baseline' : undefined)
  if (inside === undefined) return
  report({
    code: 'closed-database',
    message: `database \`${looseText(database, 'name') ?? '?'}\` lets nobody connect, Drover included, so its \`${inside}\` cannot be made or looked at`,
    path: [...database.path, 'allowConnections'],
    hint: `Remove \`allowConnections: false\` (\`connectionLimit\` and \`revokePublicConnect\` keep people out), or \`${inside}\`.`,
  })
}

function checkBaseline(database: Loose, report: Report): void {
  const [command] = /^\s*\\[a-z!?]+/m.exec(looseText(database, 'baseline') ?? '') ?? []
  if (command === undefined) return
  report({
    code: 'psql-command',
    message: `\`baseline\` has the psql command \`${command.trim()}\`; it is sent to PostgreSQL as SQL, which knows no such commands`,
    path: [...database.path, 'baseline'],
    hint: 'Write it in SQL, or run it with psql afterwards.',
  })
}
