import type { HbaSpec } from '../../../shared/domain/spec.ts'
import { hostCidr } from './address.ts'
import { connectionType, defaultNetworks, EVERYWHERE, hbaName, networks, rulesFor } from './hba-rules.ts'
import type { LocalInstance } from './members.ts'

/** Roles that Patroni itself makes and uses; the prefix keeps them apart from roles of the spec. */
export const REPLICATION_ROLE = 'drover_replicator'
export const REWIND_ROLE = 'drover_rewind'
export const SUPERUSER_ROLE = 'postgres'

/** No rule of the spec may decide about these: Drover's own rules stand before, and match them all. */
export const MACHINERY_ROLES = [SUPERUSER_ROLE, REPLICATION_ROLE, REWIND_ROLE].join(',')

/**
 * pg_hba, first match wins: the machinery, then a wall around its roles, then the rules of the spec, then who is let in by
 * default (members and client networks, by password over TLS). Whoever matches nothing is refused. No rule of the spec
 * matches a replication connection, because none can name the word `replication`.
 */
export function postgresHba(local: LocalInstance): readonly string[] {
  return [
    `local all ${SUPERUSER_ROLE} peer`,
    `local replication ${REPLICATION_ROLE} scram-sha-256`,
    `local all ${REPLICATION_ROLE},${REWIND_ROLE} scram-sha-256`,
    ...machineryNetworks(local).flatMap(network => [
      `hostssl replication ${REPLICATION_ROLE} ${network} scram-sha-256`,
      `hostssl postgres ${REWIND_ROLE} ${network} scram-sha-256`,
    ]),
    ...EVERYWHERE.map(network => `host all ${MACHINERY_ROLES} ${network} reject`),
    ...rulesFor(local, 'postgres').flatMap(rule => lines(rule, local)),
    'local all all scram-sha-256',
    ...defaultNetworks(local).map(network => `hostssl all all ${network} scram-sha-256`),
  ]
}

/** Who may open a connection to a service at all: HAProxy knows the client's address, nothing behind it does. */
export function serviceSources(local: LocalInstance): readonly string[] {
  const rules = local.cluster.hba.filter(rule => rule.auth !== 'reject' && rule.address !== 'localhost')
  if (rules.some(rule => rule.address === 'all')) return EVERYWHERE
  return [...new Set([...defaultNetworks(local), ...rules.flatMap(rule => networks(rule, local))])]
}

/** Where standbys stream from: the members themselves, and the members of the standby clusters that follow this one. */
function machineryNetworks({ members, followers }: LocalInstance): readonly string[] {
  return [...new Set(['127.0.0.1/32', ...[...members, ...followers].map(member => hostCidr(member.address))])]
}

function lines(rule: HbaSpec, local: LocalInstance): readonly string[] {
  const who = `${hbaName(rule.database)} ${hbaName(rule.user)}`
  if (rule.address === 'local') return [`local ${who} ${rule.auth === 'ident' ? 'peer' : rule.auth}`]
  return networks(rule, local).map(network => `${connectionType(rule)} ${who} ${network} ${rule.auth}`)
}
