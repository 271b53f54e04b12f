import type { HbaSpec } from '../../../shared/domain/spec.ts'
import { hostCidr } from './address.ts'
import type { LocalInstance } from './members.ts'

/** Roles that Patroni itself makes and uses; the prefix keeps them apart from roles of the spec. */
export const REPLICATION_ROLE = 'drover_replicator'
export const REWIND_ROLE = 'drover_rewind'
export const SUPERUSER_ROLE = 'postgres'

/** The word `all` in its place is a rule that PgBouncer before 1.21 leaves out with a warning. */
const EVERYWHERE = ['0.0.0.0/0', '::/0'] as const

/**
 * pg_hba, first match wins: the machinery, then a wall around its roles, then the rules of the spec, then who is let in by
 * default (members and client networks, by password over TLS). Whoever matches nothing is refused.
 */
export function postgresHba(local: LocalInstance): readonly string[] {
  const members = local.members.map(member => hostCidr(member.address))
  return [
    `local all ${SUPERUSER_ROLE} peer`,
    `local replication ${REPLICATION_ROLE} scram-sha-256`,
    'local all all scram-sha-256',
    ...['127.0.0.1/32', ...members].flatMap(address => [
      `hostssl replication ${REPLICATION_ROLE} ${address} scram-sha-256`,
      `hostssl postgres ${REWIND_ROLE} ${address} scram-sha-256`,
    ]),
    ...EVERYWHERE.map(
      address => `host all ${[SUPERUSER_ROLE, REPLICATION_ROLE, REWIND_ROLE].join(',')} ${address} reject`,
    ),
    ...specRules(local),
    ...defaultAddresses(local).map(address => `hostssl all all ${address} scram-sha-256`),
  ]
}

/**
 * The poolers' own rules. A client that came through HAProxy has a member's address here, so rules of the spec that name
 * a network bind on direct connections only; `all` and `cluster` bind on both ways.
 */
export function poolerHba(local: LocalInstance): readonly string[] {
  return [
    `local pgbouncer ${SUPERUSER_ROLE} peer`,
    ...EVERYWHERE.map(address => `host all ${SUPERUSER_ROLE} ${address} reject`),
    ...specRules(local).map(rule => rule.replace(/^hostssl (.*) cert$/, 'hostssl $1 reject')),
    'local all all scram-sha-256',
    ...defaultAddresses(local).map(address => `host all all ${address} scram-sha-256`),
  ]
}

/** Who may open a connection to a service at all: HAProxy knows the client's address, nothing behind it does. */
export function serviceSources(local: LocalInstance): readonly string[] {
  if (local.cluster.hba.some(rule => rule.auth !== 'reject' && rule.address === 'all')) return EVERYWHERE
  const named = local.cluster.hba.filter(rule => rule.auth !== 'reject').flatMap(rule => addresses(rule, local))
  return [...new Set([...defaultAddresses(local), ...named])]
}

function defaultAddresses(local: LocalInstance): readonly string[] {
  return [
    ...new Set(['127.0.0.1/32', ...local.members.map(member => hostCidr(member.address)), ...local.clientNetworks]),
  ]
}

function specRules(local: LocalInstance): readonly string[] {
  return local.cluster.hba.flatMap(rule =>
    addresses(rule, local).map(address => {
      const type = rule.auth === 'reject' ? 'host' : 'hostssl'
      return `${type} ${token(rule.database)} ${token(rule.user)} ${address} ${rule.auth}`
    }),
  )
}

function addresses(rule: HbaSpec, local: LocalInstance): readonly string[] {
  if (rule.address === 'cluster') return local.members.map(member => hostCidr(member.address))
  if (rule.address === 'clients') return local.clientNetworks
  if (rule.address === 'all') return EVERYWHERE
  return [rule.address]
}

const PLAIN_TOKEN = /^\+?[a-z_][a-z0-9_$]*$/

/** Names as they are; anything unusual is quoted, which also takes its special meaning away. */
function token(name: string): string {
  return PLAIN_TOKEN.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
