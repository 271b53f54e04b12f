import { assertNever } from '../../../shared/domain/errors.ts'
import type { ServiceSpec } from '../../../shared/domain/spec.ts'
import { FULL_PRIORITY, isReserved } from '../topology/cluster-topology.ts'
import type { LocalInstance, Member } from './members.ts'

/** A port of HAProxy on every node of the cluster, and the servers that it leads to. */
export interface Service {
  readonly name: string
  readonly port: number
  readonly target: Target
  readonly balance?: ServiceSpec['balance']
  readonly maxConnections?: number
  readonly servers: readonly ServiceServer[]
}

/** The write pooler, the read pooler, PostgreSQL, or another port of the members. */
export type Target = 'rw' | 'ro' | 'postgres' | number

export interface ServiceServer {
  readonly member: Member
  readonly question: Question
  /** Backups serve one at a time, in this order, while no other server is up. */
  readonly backup: boolean
}

/**
 * What HAProxy asks before it takes a server for up. `running`: PostgreSQL runs there, whatever Patroni makes of its tags;
 * `alive`: what listens on the target answers, whatever its role.
 */
export type Question = 'primary' | 'replica' | 'read-only' | 'sync' | 'running' | 'alive'

/** The services of a cluster that have anything to lead to: Drover's own, then those of the spec in their order. */
export function servicesOf(local: LocalInstance): readonly Service[] {
  const own = [primary(local), replica(local), direct(local), offline(local)]
  return [...own, ...local.cluster.services.map(spec => declared(spec, local))].filter(
    ({ servers }) => servers.length > 0,
  )
}

/** Any living pooler of a member: its write hop finds the primary by itself, or waits for one. */
function primary(local: LocalInstance): Service {
  const servers = local.source === undefined ? ask(full(local), () => 'alive') : []
  return { name: 'primary', port: local.ports.primary, target: 'rw', servers }
}

/**
 * Standbys and the pools of readers that are as important; then less important pools, so that these never slow down the
 * others; the primary last.
 */
function replica(local: LocalInstance): Service {
  const pools = local.members
    .filter(({ purpose }) => purpose === 'replica')
    .toSorted((left, right) => right.priority - left.priority)
  const equals = [...full(local), ...pools.filter(({ priority }) => priority === FULL_PRIORITY)]
  const lesser = pools.filter(({ priority }) => priority < FULL_PRIORITY)
  const readers = (members: readonly Member[]) => ask(members, member => questionTo(member, 'replica', local))
  return {
    name: 'replica',
    port: local.ports.replica,
    target: 'ro',
    balance: 'leastconn',
    servers: [...readers(equals), ...backups(readers(lesser)), ...backups(thePrimary(local))],
  }
}

function direct(local: LocalInstance): Service {
  return { name: 'default', port: local.ports.default, target: 'postgres', servers: thePrimary(local) }
}

/** The offline members; without one, or while none is up, standbys; the primary last. Never a delayed member. */
function offline(local: LocalInstance): Service {
  const reserved = ask(
    local.members.filter(({ purpose }) => purpose === 'offline'),
    () => 'running',
  )
  const standbys = ask(full(local), member => questionTo(member, 'replica', local))
  return {
    name: 'offline',
    port: local.ports.offline,
    target: 'postgres',
    balance: 'leastconn',
    servers: [...reserved, ...(reserved.length === 0 ? standbys : backups(standbys)), ...backups(thePrimary(local))],
  }
}

function declared(
  { name, port, target, check, from, backup, balance, maxConnections }: ServiceSpec,
  local: LocalInstance,
): Service {
  const reached: Target = target !== 'pooler' ? target : check === 'primary' ? 'rw' : 'ro'
  // Every write pooler leads to the primary, so that whichever the spec names may serve.
  const question = (member: Member) =>
    reached === 'rw' ? (local.source === undefined ? 'alive' : undefined) : questionTo(member, check, local)
  const spare = backup.filter(group => !from.includes(group) && !from.includes('all'))
  return {
    name,
    port,
    target: reached,
    balance,
    ...(maxConnections === undefined ? {} : { maxConnections }),
    servers: [...ask(inGroups(from, local), question), ...backups(ask(inGroups(spare, local), question))],
  }
}

/** What a server must be, as Patroni puts it for this member; undefined when it can never be that. */
function questionTo(member: Member, check: ServiceSpec['check'], local: LocalInstance): Question | undefined {
  const isFull = member.purpose === 'member'
  switch (check) {
    case 'any':
      return 'alive'
    case 'primary':
      return isFull && local.source === undefined ? 'primary' : undefined
    case 'sync':
      return isFull && local.source === undefined && local.cluster.durability !== 'async' ? 'sync' : undefined
    case 'replica':
      // Patroni calls the leader of a standby cluster no replica, and no member with the tag `noloadbalance`.
      if (isReserved(member)) return 'running'
      if (local.source !== undefined) return 'read-only'
      return isFull && full(local).length === 1 ? undefined : 'replica'
    case 'read-only':
      return isReserved(member) ? 'running' : 'read-only'
    default:
      return assertNever(check)
  }
}

function thePrimary(local: LocalInstance): readonly ServiceServer[] {
  return ask(full(local), member => questionTo(member, 'primary', local))
}

function full({ members }: LocalInstance): readonly Member[] {
  return members.filter(({ purpose }) => purpose === 'member')
}

function inGroups(groups: readonly string[], { members }: LocalInstance): readonly Member[] {
  const named = groups.flatMap(group => (group === 'all' ? members : members.filter(member => member.group === group)))
  return [...new Set(named)]
}

function ask(
  members: readonly Member[],
  questionTo: (member: Member) => Question | undefined,
): readonly ServiceServer[] {
  return members.flatMap(member => {
    const question = questionTo(member)
    return question === undefined ? [] : [{ member, question, backup: false }]
  })
}

function backups(servers: readonly ServiceServer[]): readonly ServiceServer[] {
  return servers.map(server => ({ ...server, backup: true }))
}
