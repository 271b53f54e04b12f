import { Fields } from '../fields.ts'
import { notApplicable } from '../treatment.ts'
import { integerOf, type Setting, type Table, textOf } from '../values.ts'
import { type ClusterContext, clusterSetting, itemsOf } from './cluster-context.ts'
import { addressesOf } from './hba-address.ts'
import { AUTH_WORDS, type Auth } from './hba-auth.ts'
import type { HbaDraft } from './hba-draft.ts'
import { expandHbaName } from './hba-name.ts'
import { roleFilter } from './hba-role.ts'
import { importRawRules } from './raw-hba.ts'

/** In the order in which Pigsty takes rules of the same order. */
const LISTS = [
  ['pg_default_hba_rules', 'postgres'],
  ['pg_hba_rules', 'postgres'],
  ['pgb_default_hba_rules', 'pooler'],
  ['pgb_hba_rules', 'pooler'],
] as const

const TO = 'clusters[].hba[]'
/** Pigsty puts rules without an order behind all others, whose orders end at 999. */
const UNORDERED = 1000
const LAST = 9999

/** Pigsty's rules, its defaults included, and a last one: whom no rule lets in is refused, while Drover alone would let clients in. */
export function importHba(context: ClusterContext): void {
  const rules = LISTS.flatMap(([parameter, on]) =>
    itemsOf(clusterSetting(context, parameter), context.ledger).flatMap(setting =>
      importRule(context, { setting, on }),
    ),
  )
  context.draft.hba = [
    ...rules,
    {
      title: 'as in Pigsty: refuse the rest',
      order: LAST,
      user: 'all',
      database: 'all',
      address: 'all',
      auth: 'reject',
      tls: false,
    },
  ]
}

interface RuleInput {
  readonly setting: Setting & { readonly value: Table }
  readonly on: 'postgres' | 'pooler'
}

function importRule(context: ClusterContext, { setting, on }: RuleInput): readonly HbaDraft[] {
  const { ledger } = context
  const filter = roleFilter(context, textOf(setting.value['role']))
  if (filter === undefined) {
    ledger.lost(setting.path, {
      reason: 'no instance of this cluster has the role that the rule is for',
      instead: 'the rule is left out',
    })
    return []
  }
  const common: Partial<HbaDraft> = {
    ...(textOf(setting.value['title']) ? { title: textOf(setting.value['title']) ?? '' } : {}),
    order: integerOf(setting.value['order']) ?? UNORDERED,
    ...(filter.role === 'all' ? {} : { role: filter.role }),
    on,
  }
  if (setting.value['rules'] !== undefined) {
    return importRawRules(context, { setting, common, note: filter.note })
  }
  const parts = partsOf(context, setting.value, on)
  if (parts.kind !== 'rule') {
    if (parts.kind === 'own') ledger.note(setting.path, notApplicable(parts.reason))
    else ledger.lost(setting.path, { reason: parts.reason, instead: 'the rule is left out' })
    return []
  }
  return parts.addresses.flatMap(address =>
    parts.databases.map((database): HbaDraft => {
      const rule: HbaDraft = { ...common, user: parts.user, database, address, ...parts.auth }
      noteRule(context, { setting, rule, note: filter.note })
      return rule
    }),
  )
}

type Parts =
  | {
      readonly kind: 'rule'
      readonly user: string
      readonly databases: readonly string[]
      readonly addresses: readonly string[]
      readonly auth: Auth
    }
  | { readonly kind: 'own'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }

function partsOf(context: ClusterContext, table: Table, on: RuleInput['on']): Parts {
  const word = (key: string, otherwise = ''): string => textOf(table[key]) || otherwise
  const user = expandHbaName(context, word('user', 'all'))
  const databases = word('db', 'all')
    .split(',')
    .map(name => name.trim())
  if (user === 'postgres' || user === 'replicator') {
    return {
      kind: 'own',
      reason: `Drover has rules of its own for its ${user === 'postgres' ? 'superuser' : 'replication role'}`,
    }
  }
  if (databases.includes('replication')) {
    return { kind: 'lost', reason: 'only the standbys of Drover itself may replicate, as `drover_replicator`' }
  }
  if (on === 'pooler' && databases.includes('pgbouncer')) {
    return { kind: 'lost', reason: "the pooler's console is for the local superuser only" }
  }
  const auth = AUTH_WORDS[word('auth', 'pwd')]
  if (auth === undefined) return { kind: 'lost', reason: `\`${word('auth')}\` is no method of Pigsty` }
  const addresses = addressesOf(context, { word: word('addr'), on, auth: auth.auth })
  return addresses === undefined
    ? { kind: 'lost', reason: `\`${word('addr')}\` is no address of Pigsty` }
    : { kind: 'rule', user, databases, addresses, auth }
}

function noteRule(
  { ledger }: ClusterContext,
  {
    setting,
    rule,
    note,
  }: { readonly setting: RuleInput['setting']; readonly rule: HbaDraft; readonly note?: string | undefined },
): void {
  const fields = new Fields({ setting, ledger, to: TO, into: rule })
  fields.kept('title', { to: 'title' })
  fields.kept('order', { to: 'order' })
  fields.kept('role', { to: 'role', note: note })
  fields.kept('user', { to: 'user' })
  fields.kept('db', { to: 'database' })
  fields.kept('addr', { to: 'address' })
  fields.kept('auth', { to: 'auth' })
  fields.finish()
}
