import type { ProvisionArgs } from '../../../shared/domain/command.ts'
import type { ObjectDifference } from '../../../shared/domain/object-difference.ts'
import { quoteIdentifier } from './quote.ts'
import type { ClusterState, MembershipState } from './state.ts'

/**
 * What declared roles and databases have and nobody has declared: memberships, and settings that win over the server's. It may have been
 * given on purpose, so provisioning leaves it; a fleet that wants to keep it declares it.
 */
export function undeclared(args: ProvisionArgs, state: ClusterState): readonly ObjectDifference[] {
  return [
    ...args.roles.flatMap(role => {
      const now = state.roles.find(({ name }) => name === role.name)
      if (now === undefined) return []
      const object = `user ${role.name}`
      const alter = `ALTER ROLE ${quoteIdentifier(role.name)}`
      const declared = new Set(role.memberOf.map(membership => membership.role))
      return [
        ...now.memberOf
          .filter(membership => !declared.has(membership.role) && !isOfMaker(membership))
          .map(membership => ({
            object,
            property: `member of ${membership.role}`,
            expected: 'not declared',
            found: 'yes',
            undo: `REVOKE ${quoteIdentifier(membership.role)} FROM ${quoteIdentifier(role.name)}`,
          })),
        ...settings({ object, alter, declared: role.parameters, stored: now.settings }),
      ]
    }),
    ...args.databases.flatMap(database => {
      const now = state.databases.find(({ name }) => name === database.name)
      if (now === undefined) return []
      const alter = `ALTER DATABASE ${quoteIdentifier(database.name)}`
      const object = `database ${database.name}`
      return settings({ object, alter, declared: database.parameters, stored: now.settings })
    }),
  ]
}

/** From PostgreSQL 16 whoever makes a role without being a superuser is given this over it. */
function isOfMaker({ admin, inherit, set }: MembershipState): boolean {
  return admin && inherit === false && set === false
}

function settings(given: {
  readonly object: string
  readonly alter: string
  readonly declared: Readonly<Record<string, string>>
  readonly stored: readonly string[]
}): readonly ObjectDifference[] {
  const declared = new Set(Object.keys(given.declared).map(name => name.toLowerCase()))
  return given.stored.flatMap(entry => {
    const name = entry.slice(0, entry.indexOf('='))
    if (declared.has(name.toLowerCase()) || name.startsWith(OWN)) return []
    return [
      {
        object: given.object,
        property: name,
        expected: 'not declared',
        // An application may keep a secret under a name of its own.
        found: name.includes('.') ? 'set' : entry.slice(name.length + 1),
        undo: `${given.alter} RESET ${name.split('.').map(quoteIdentifier).join('.')}`,
      },
    ]
  })
}

/** The agent's own bookkeeping. */
const OWN = 'drover.'
