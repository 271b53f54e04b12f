import { assertNever } from '../../../shared/domain/errors.ts'
import type { HbaSpec } from '../../../shared/domain/spec.ts'
import { hostCidr } from './address.ts'
import type { LocalInstance } from './members.ts'

/** Instead of the word `all`: a PgBouncer before 1.23 leaves out a rule that has it as its address. */
export const EVERYWHERE = ['0.0.0.0/0', '::/0'] as const

const LOOPBACK = ['127.0.0.1/32', '::1/128'] as const

/** The rules of the spec that bind on this member and in this program, in the order in which they are asked. */
export function rulesFor(local: LocalInstance, program: 'postgres' | 'pooler'): readonly HbaSpec[] {
  return local.cluster.hba
    .filter(rule => (rule.on === 'both' || rule.on === program) && bindsHere(rule, local))
    .toSorted((left, right) => left.order - right.order)
}

/** The networks that a rule means; none for `local`, which is the socket. */
export function networks(rule: HbaSpec, local: LocalInstance): readonly string[] {
  switch (rule.address) {
    case 'local':
      return []
    case 'localhost':
      return LOOPBACK
    case 'cluster':
      return local.members.map(member => hostCidr(member.address))
    case 'clients':
      return local.clientNetworks
    case 'all':
      return EVERYWHERE
    default:
      return [rule.address]
  }
}

/** Who is let in by password when no rule says otherwise. */
export function defaultNetworks(local: LocalInstance): readonly string[] {
  return [
    ...new Set(['127.0.0.1/32', ...local.members.map(member => hostCidr(member.address)), ...local.clientNetworks]),
  ]
}

/** `hostssl` where the rule lets in and wants TLS. A rule that refuses does so with and without it. */
export function connectionType({ auth, tls }: HbaSpec): 'host' | 'hostssl' {
  return auth !== 'reject' && (tls || auth === 'cert') ? 'hostssl' : 'host'
}

/** Words that pg_hba.conf reads otherwise than as a name. `all` is meant. */
const KEYWORDS = new Set(['sameuser', 'samerole', 'samegroup', 'replication'])
const PLAIN_NAME = /^\+?[a-z_][a-z0-9_$]*$/

/** Names as they are; anything unusual is quoted, which also takes its special meaning away. */
export function hbaName(name: string): string {
  return PLAIN_NAME.test(name) && !KEYWORDS.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** By declaration: who is primary and who a standby changes, what a member is for does not. */
function bindsHere({ role }: HbaSpec, { cluster, self }: LocalInstance): boolean {
  const purpose = cluster.replicas.find(group => group.name === self.group)?.role ?? 'member'
  switch (role) {
    case 'all':
      return true
    case 'members':
      return purpose === 'member' || purpose === 'replica'
    case 'offline':
    case 'delayed':
      return purpose === role
    default:
      return assertNever(role)
  }
}
