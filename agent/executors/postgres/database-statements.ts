import type { DatabaseItem } from '../../../shared/domain/command.ts'
import { MAINTENANCE_DATABASE } from '../../../shared/domain/maintenance-database.ts'
import { missingSettings, setClause, settingDifference, storedSetting } from './parameter.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import { limitText } from './role-statements.ts'
import type { DatabaseState } from './state.ts'
import type { Statement } from './statement.ts'

/** What can be changed in a database that exists. */
export type ChangeableState = Pick<
  DatabaseState,
  'owner' | 'connectionLimit' | 'isTemplate' | 'publicMayConnect' | 'settings' | 'comment'
>

/** What makes a database as wanted, run in any other one. Of PostgreSQL's own only parameters and comment are touched. */
export function databaseStatements(wanted: DatabaseItem, now: ChangeableState): readonly Statement[] {
  const own = [...parameters(wanted, now), ...comment(wanted, now)]
  return wanted.name === MAINTENANCE_DATABASE ? own : [...attributes(wanted, now), ...own]
}

function attributes(wanted: DatabaseItem, now: ChangeableState): readonly Statement[] {
  const name = quoteIdentifier(wanted.name)
  const limit = wanted.connectionLimit ?? -1
  const object = `database ${wanted.name}`
  const alter = (sql: string, property: string, expected: string, found: string): Statement => ({
    sql,
    summary: `alter database ${wanted.name} (${property})`,
    differences: [{ object, property, expected, found }],
  })
  return [
    ...(now.owner === wanted.owner
      ? []
      : [alter(`ALTER DATABASE ${name} OWNER TO ${quoteIdentifier(wanted.owner)};`, 'owner', wanted.owner, now.owner)]),
    ...(now.connectionLimit === limit
      ? []
      : [
          alter(
            `ALTER DATABASE ${name} CONNECTION LIMIT ${limit};`,
            'connection limit',
            limitText(limit),
            limitText(now.connectionLimit),
          ),
        ]),
    ...(now.isTemplate === wanted.isTemplate
      ? []
      : [
          alter(
            `ALTER DATABASE ${name} IS_TEMPLATE ${wanted.isTemplate};`,
            'template',
            wanted.isTemplate ? 'yes' : 'no',
            now.isTemplate ? 'yes' : 'no',
          ),
        ]),
    ...publicConnect(wanted, now),
  ]
}

/** What CREATE DATABASE has said already, and what it cannot say. */
export function asCreated({ owner, connectionLimit = -1, isTemplate }: DatabaseItem): ChangeableState {
  return { owner, connectionLimit, isTemplate, publicMayConnect: true, settings: [], comment: null }
}

/** Lets connections in or keeps them out. Whoever is connected stays. */
export function connectionStatement(name: string, allow: boolean): Statement {
  return {
    sql: `ALTER DATABASE ${quoteIdentifier(name)} ALLOW_CONNECTIONS ${allow};`,
    summary: `alter database ${name} (${allow ? 'allow' : 'no'} connections)`,
    differences: [
      {
        object: `database ${name}`,
        property: 'connections',
        expected: allow ? 'let in' : 'kept out',
        found: allow ? 'kept out' : 'let in',
      },
    ],
  }
}

function publicConnect(wanted: DatabaseItem, now: ChangeableState): readonly Statement[] {
  const name = quoteIdentifier(wanted.name)
  if (wanted.revokePublicConnect === !now.publicMayConnect) return []
  const differences = [
    {
      object: `database ${wanted.name}`,
      property: 'public may connect',
      expected: wanted.revokePublicConnect ? 'no' : 'yes',
      found: now.publicMayConnect ? 'yes' : 'no',
    },
  ]
  return [
    wanted.revokePublicConnect
      ? {
          sql: `REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC;`,
          summary: `revoke connect on database ${wanted.name} from public`,
          differences,
        }
      : {
          sql: `GRANT CONNECT ON DATABASE ${name} TO PUBLIC;`,
          summary: `grant connect on database ${wanted.name} to public`,
          differences,
        },
  ]
}

function parameters(wanted: DatabaseItem, now: ChangeableState): readonly Statement[] {
  return missingSettings(wanted.parameters, now.settings).map(([parameter, value]) => ({
    sql: `ALTER DATABASE ${quoteIdentifier(wanted.name)} ${setClause(parameter, value)};`,
    summary: `set ${parameter} of database ${wanted.name}`,
    differences: [
      settingDifference(`database ${wanted.name}`, parameter, value, storedSetting(parameter, now.settings)),
    ],
  }))
}

function comment(wanted: DatabaseItem, now: ChangeableState): readonly Statement[] {
  if (wanted.comment === undefined || wanted.comment === (now.comment ?? '')) return []
  return [
    {
      sql: `COMMENT ON DATABASE ${quoteIdentifier(wanted.name)} IS ${quoteLiteral(wanted.comment)};`,
      summary: `comment on database ${wanted.name}`,
      differences: [
        {
          object: `database ${wanted.name}`,
          property: 'comment',
          expected: wanted.comment,
          found: now.comment ?? 'none',
        },
      ],
    },
  ]
}
