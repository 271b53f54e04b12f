import type { DefaultPrivilegeItem } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import { quoteIdentifier } from './quote.ts'
import type { DatabaseContent } from './state.ts'
import type { Statement } from './statement.ts'

export interface PrivilegeInput {
  readonly wanted: readonly DefaultPrivilegeItem[]
  readonly now: DatabaseContent
  /** Schemas that the database has by now. */
  readonly schemas: ReadonlySet<string>
  readonly database: string
  readonly version: number
}

/** What grants the missing default privileges, run inside the database. Objects that exist keep the privileges they have. */
export function privilegeStatements(input: PrivilegeInput): readonly Statement[] {
  return input.wanted
    .filter(({ schema }) => schema === undefined || input.schemas.has(schema))
    .flatMap(rule => rule.for.flatMap(maker => grants(maker, rule, input)))
}

function grants(
  maker: string,
  rule: DefaultPrivilegeItem,
  { now, database, version }: PrivilegeInput,
): readonly Statement[] {
  const { to, on, schema } = rule
  // Whoever makes an object may do everything with it.
  if (maker === to) return []
  const entries = now.privileges.filter(
    each => each.for === maker && each.on === on && each.schema === (schema ?? null),
  )
  const held = entries.length === 0 && schema === undefined ? builtIn(to, on) : []
  const has = [...held, ...entries.filter(each => each.to === to).map(({ privilege }) => privilege)]
  const missing = expanded(rule, version).filter(privilege => !has.includes(privilege))
  if (missing.length === 0) return []
  const where = schema === undefined ? '' : ` IN SCHEMA ${quoteIdentifier(schema)}`
  const what = `${missing.join(', ')} ON ${on.toUpperCase()}`
  return [
    {
      sql: `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(maker)}${where} GRANT ${what} TO ${quoteIdentifier(to)};`,
      summary: `default privileges in ${database}: ${missing.join(', ')} on ${on} of ${maker} to ${to}`,
      differences: [
        {
          object: `default privileges in ${database}`,
          property: `${on} of ${maker} to ${to}${schema === undefined ? '' : ` in schema ${schema}`}`,
          expected: missing.join(', '),
          found: 'not granted',
        },
      ],
    },
  ]
}

/** What PUBLIC has while nobody has said otherwise; PostgreSQL stores nothing for it. */
export function builtIn(to: string, on: DefaultPrivilegeItem['on']): readonly string[] {
  if (to !== 'public') return []
  if (on === 'functions') return ['EXECUTE']
  return on === 'types' ? ['USAGE'] : []
}

const ALL: Readonly<Record<DefaultPrivilegeItem['on'], readonly string[]>> = {
  schemas: ['USAGE', 'CREATE'],
  tables: ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'],
  sequences: ['SELECT', 'UPDATE', 'USAGE'],
  functions: ['EXECUTE'],
  types: ['USAGE'],
}

/** `ALL` as the privileges that it stands for. The words go into SQL as they are: only words get through. */
export function expanded(
  { grant, on }: Pick<DefaultPrivilegeItem, 'grant' | 'on'>,
  version: number,
): readonly string[] {
  const every = on === 'tables' && version >= 170_000 ? [...ALL[on], 'MAINTAIN'] : ALL[on]
  const words = grant.flatMap(word => (word === 'ALL' ? every : [word]))
  const odd = words.find(word => !/^[A-Z]+$/.test(word))
  if (odd !== undefined) throw new DroverError('invalid', `${JSON.stringify(odd)} is no privilege`)
  return [...new Set(words)]
}
