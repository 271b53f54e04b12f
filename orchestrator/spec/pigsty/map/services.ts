import { Fields } from '../fields.ts'
import { integerOf, type Setting, type Table, textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, type Item, itemsOf } from './cluster-context.ts'
import { splitMembers } from './members.ts'
import { parseSelector } from './selector.ts'

type ServiceDraft = Item<'services'>
type Check = NonNullable<ServiceDraft['check']>
type Target = NonNullable<ServiceDraft['target']>

const TO = 'clusters[].services[]'

const CHECKS: Readonly<Record<string, Check>> = {
  '/': 'primary',
  '/primary': 'primary',
  '/leader': 'primary',
  '/master': 'primary',
  '/read-write': 'primary',
  '/replica': 'replica',
  '/read-only': 'read-only',
  '/sync': 'sync',
  '/synchronous': 'sync',
  '/health': 'any',
  '/liveness': 'any',
}

const BALANCE = { roundrobin: 'roundrobin', leastconn: 'leastconn', first: 'first', source: 'source' } as const

/** Services that every cluster has in Drover: port to what they do. */
const OWN: Readonly<
  Record<number, { readonly name: string; readonly target: Target; readonly checks: readonly Check[] }>
> = {
  5433: { name: 'primary', target: 'pooler', checks: ['primary'] },
  5434: { name: 'replica', target: 'pooler', checks: ['read-only', 'replica'] },
  5436: { name: 'default', target: 'postgres', checks: ['primary'] },
  5438: { name: 'offline', target: 'postgres', checks: ['replica', 'read-only'] },
}

/** Pigsty's default services are Drover's own where they do the same; all others become services of the file. */
export function importServices(context: ClusterContext): void {
  for (const parameter of ['pg_default_services', 'pg_services']) {
    for (const setting of itemsOf(clusterSetting(context, parameter), context.ledger)) importService(context, setting)
  }
  const destination = clusterSetting(context, 'pg_default_service_dest')
  if (destination === undefined) return
  if (textOf(destination.value) === 'pgbouncer') {
    context.ledger.kept({ path: destination.path, to: 'services primary and replica' })
  } else {
    context.ledger.lost(destination.path, {
      reason: "Drover's services on 5433 and 5434 always go through the pooler",
      instead: '5436 and 5438 lead to PostgreSQL directly, and so do further services with `target: postgres`',
    })
  }
}

function importService(context: ClusterContext, setting: Setting & { readonly value: Table }): void {
  const { ledger } = context
  const port = integerOf(setting.value['port'])
  const check = CHECKS[textOf(setting.value['check']) ?? '/']
  const target = targetOf(context, setting.value['dest'])
  const own = port === undefined ? undefined : OWN[port]
  if (own !== undefined) {
    const same = target === own.target && check !== undefined && own.checks.includes(check)
    if (same) ledger.kept({ path: setting.path, to: `service ${own.name} (${port})` })
    else
      ledger.lost(setting.path, {
        reason: `port ${port} is Drover's service \`${own.name}\``,
        instead: 'that service; give this one another port',
      })
    return
  }
  const wrong =
    (port === undefined ? 'it has no port' : undefined) ??
    (check === undefined ? `Drover has no check \`${textOf(setting.value['check'])}\`` : undefined) ??
    (target === undefined ? `\`${textOf(setting.value['dest'])}\` is no destination` : undefined)
  if (port === undefined || check === undefined || target === undefined) {
    ledger.lost(setting.path, { reason: wrong ?? '', instead: 'the service is left out' })
    return
  }
  makeService(context, { setting, port, check, target })
}

function makeService(
  context: ClusterContext,
  {
    setting,
    port,
    check,
    target,
  }: {
    readonly setting: Setting & { readonly value: Table }
    readonly port: number
    readonly check: Check
    readonly target: Target
  },
): void {
  const { ledger, draft } = context
  const service: ServiceDraft = { name: textOf(setting.value['name']) ?? '', port, target, check }
  const fields = new Fields({ setting, ledger, to: TO, into: service })
  const from = groupsOf(context, textOf(fields.raw('selector')?.value) ?? '[]')
  if (from === undefined || from.length === 0) {
    ledger.lost(setting.path, { reason: SELECTOR, instead: 'the service is left out' })
    return
  }
  fields.kept('name', { to: 'name' })
  fields.kept('port', { to: 'port' })
  fields.kept('dest', { to: 'target' })
  fields.kept('check', { to: 'check' })
  fields.kept('selector', { to: 'from', note: 'whole groups: `check` says which of their members serve' })
  service.from = [...from]
  importBackup(context, { fields, service, from })
  importAddress(fields)
  const maxConnections = fields.count('maxconn', 'maxConnections')
  if (maxConnections !== undefined) service.maxConnections = maxConnections
  service.balance = fields.choice('balance', { to: 'balance', choices: BALANCE }) ?? 'roundrobin'
  fields.lost('options', { reason: "servers are watched as the cluster's failover mode says", instead: '`failover`' })
  fields.finish()
  draft.services = [...(draft.services ?? []), service]
}

const SELECTOR = 'the selector picks single members, or is more of JMESPath than Drover reads'

function importBackup(
  context: ClusterContext,
  {
    fields,
    service,
    from,
  }: { readonly fields: Fields; readonly service: ServiceDraft; readonly from: readonly string[] },
): void {
  const text = textOf(fields.raw('backup')?.value)
  if (text === undefined) return
  const groups = groupsOf(context, text)
  if (groups === undefined) {
    fields.lost('backup', { reason: SELECTOR, instead: 'nothing stands in while all servers are down' })
    return
  }
  const backup = groups.filter(group => !from.includes(group))
  if (backup.length > 0) service.backup = backup
  fields.kept('backup', {
    to: 'backup',
    note: backup.length === groups.length ? undefined : 'groups that serve anyway are not named again',
  })
}

function importAddress(fields: Fields): void {
  const address = textOf(fields.raw('ip')?.value)
  if (address === undefined || address === '*' || address === '0.0.0.0')
    fields.kept('ip', { to: 'port', note: 'on every address' })
  else
    fields.lost('ip', {
      reason: 'a service listens on every address of its nodes',
      instead: 'it listens on every address',
    })
}

function targetOf(context: ClusterContext, value: unknown): Target | undefined {
  const word = textOf(value) ?? 'default'
  if (word === 'default') {
    const destination = textOf(clusterSetting(context, 'pg_default_service_dest')?.value) ?? 'pgbouncer'
    return destination === 'default' ? 'pooler' : targetOf(context, destination)
  }
  if (word === 'pgbouncer') return 'pooler'
  return word === 'postgres' ? 'postgres' : integerOf(word)
}

/**
 * The groups that a selector comes to, evaluated on the members as they are declared. Since roles move, "the primary" and "the replicas" among
 * those that may become primary both stand for all of them. Undefined: it picks a part of a group.
 */
function groupsOf(context: ClusterContext, text: string): readonly string[] | undefined {
  const selector = parseSelector(text)
  if (selector === undefined) return undefined
  const { members, offline, delayed } = splitMembers(context.instances)
  const replicas = members.slice(1)
  const chosen = new Set(context.instances.filter(({ variables }) => selector(variables)))
  const all = (part: readonly unknown[]): boolean => part.every(each => chosen.has(each as never))
  const none = (part: readonly unknown[]): boolean => !part.some(each => chosen.has(each as never))
  if (!all(replicas) && !none(replicas)) return undefined
  const parts: readonly (readonly [readonly unknown[], readonly string[]])[] = [
    [members, none(members) ? [] : ['members']],
    ...(context.draft.replicas ?? []).map((group): readonly [readonly unknown[], readonly string[]] => {
      const instances = [...offline, ...delayed].filter(({ host }) => group.nodes?.includes(host))
      return [instances, none(instances) ? [] : [group.name]]
    }),
  ]
  const torn = parts.slice(1).some(([instances]) => !all(instances) && !none(instances))
  return torn ? undefined : parts.flatMap(([, names]) => names)
}
