import { flagOf, integerOf, textOf } from '../values.ts'
import type { ClusterContext, Instance, Item } from './cluster-context.ts'
import { delayText } from './delay.ts'

type GroupDraft = Item<'replicas'>

export interface Split {
  readonly members: readonly Instance[]
  readonly offline: readonly Instance[]
  readonly delayed: readonly Instance[]
}

/** Pigsty's roles: `offline` and delayed instances never take over in Drover, every other one may. */
export function splitMembers(instances: readonly Instance[]): Split {
  const delayed = instances.filter(instance => instance.role === 'delayed' && ownDelay(instance) !== undefined)
  const offline = instances.filter(instance => instance.role === 'offline')
  return { members: instances.filter(each => !offline.includes(each) && !delayed.includes(each)), offline, delayed }
}

/** Members at the addresses where Pigsty has them, in the order of `pg_seq`, the primary first. */
export function importMembers(context: ClusterContext): void {
  const { draft } = context
  const { members, offline, delayed } = splitMembers(context.instances)
  draft.members = members.length
  draft.placement = { nodes: members.map(({ host }) => host) }
  const groups: GroupDraft[] = []
  if (offline.length > 0) groups.push(groupOf('offline', offline))
  for (const [delay, instances] of byDelay(delayed)) {
    groups.push({
      ...groupOf(groups.some(({ role }) => role === 'delayed') ? `delayed-${delay}` : 'delayed', instances),
      role: 'delayed',
      delay,
    })
  }
  if (groups.length > 0) draft.replicas = groups
  for (const instance of context.instances) noteIdentity(context, instance)
}

function groupOf(name: string, instances: readonly Instance[]): GroupDraft {
  return { name, role: 'offline', members: instances.length, nodes: instances.map(({ host }) => host) }
}

function byDelay(delayed: readonly Instance[]): ReadonlyMap<string, readonly Instance[]> {
  return Map.groupBy(delayed, instance => ownDelay(instance) ?? '')
}

function ownDelay({ variables }: Instance): string | undefined {
  return delayText(variables.get('pg_delay')?.value)
}

function noteIdentity(context: ClusterContext, instance: Instance): void {
  const { ledger, draft } = context
  const { variables, role, host } = instance
  const kept = (parameter: string, to: string, note?: string): void => {
    const setting = variables.get(parameter)
    if (setting !== undefined)
      ledger.kept({ path: setting.path, to, into: draft, ...(note === undefined ? {} : { note }) })
  }
  kept(
    'pg_seq',
    'clusters[].placement.nodes',
    "the order of the members; Drover counts its instances itself, the primary's first",
  )
  kept('pg_role', ROLE_TARGETS[role] ?? 'clusters[].members', ROLE_NOTES[role])
  if (role === 'delayed') {
    if (ownDelay(instance) === undefined) {
      const path = variables.get('pg_role')?.path
      if (path !== undefined)
        ledger.lost(path, { reason: 'a delayed instance needs `pg_delay`', instead: `${host} is an ordinary member` })
    } else kept('pg_delay', 'clusters[].replicas[].delay')
  }
  const offline = variables.get('pg_offline_query')
  if (offline !== undefined && flagOf(offline.value) !== undefined) {
    kept('pg_offline_query', 'service offline (5438)', flagOf(offline.value) === true ? OFFLINE_QUERY : undefined)
  }
  const weight = variables.get('pg_weight')
  if (weight !== undefined && integerOf(weight.value) !== 100) {
    ledger.lost(weight.path, {
      reason: 'the members of a service share its connections alike',
      instead: 'every member has the same weight',
    })
  } else kept('pg_weight', 'services')
  const upstream = variables.get('pg_upstream')
  if (upstream !== undefined && role !== 'primary' && textOf(upstream.value) !== '') {
    ledger.lost(upstream.path, {
      reason: 'Drover has no cascades inside a cluster',
      instead: `${host} follows the primary`,
    })
  }
}

const ROLE_TARGETS: Readonly<Record<string, string>> = {
  primary: 'clusters[].placement.nodes',
  offline: 'clusters[].replicas[].role',
  delayed: 'clusters[].replicas[].role',
}

const ROLE_NOTES: Readonly<Record<string, string>> = {
  primary: 'the first node of the list becomes the first primary',
  offline: 'unlike in Pigsty it never takes over and never confirms a commit',
  delayed: 'it never takes over',
  standby: 'a full member; `durability` says whether a commit waits for it',
}

const OFFLINE_QUERY =
  'without an offline group, the service on 5438 goes to the standbys among the members, this one or another'
