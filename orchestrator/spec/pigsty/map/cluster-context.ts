import type { FleetFileInput } from '../../schema.ts'
import type { Inventory, Variables } from '../inventory.ts'
import type { Ledger } from '../ledger.ts'
import { PIGSTY_DEFAULTS } from '../pigsty-defaults.ts'
import { DEFAULT_ROOT, isTable, type Setting, type Table } from '../values.ts'

/** One cluster of the fleet file while it is being made. */
export type ClusterDraft = Draft<NonNullable<FleetFileInput['clusters']>[number]>
export type Draft<T> = { -readonly [K in keyof T]: T[K] }
export type Item<K extends keyof ClusterDraft> = Draft<
  NonNullable<ClusterDraft[K]> extends readonly (infer T)[] ? T : never
>

/** What Pigsty declares to be at one address. */
export interface Instance {
  readonly host: string
  readonly seq: number
  readonly role: string
  readonly variables: Variables
}

export interface Facts {
  readonly inventory: Inventory
  readonly ledger: Ledger
  /** ISO date that `expire_in` counts from. */
  readonly today?: string
  /** Contents of baseline files by the name that the inventory gives them. */
  readonly baselines: Readonly<Record<string, string>>
}

/** What the importers of one cluster share. */
export interface ClusterContext extends Facts {
  readonly draft: ClusterDraft
  readonly name: string
  readonly major: number
  /** The primary first, then by `pg_seq`. */
  readonly instances: readonly Instance[]
  readonly primary: Instance
}

/**
 * A parameter of the whole cluster: the primary's value counts, as in Pigsty, else Pigsty's default. Other values at other members
 * are noted as lost.
 */
export function clusterSetting(context: ClusterContext, name: string): Setting | undefined {
  const { primary, instances, ledger } = context
  const found = primary.variables.get(name)
  for (const { variables } of instances) {
    const other = variables.get(name)
    if (other === undefined || (found !== undefined && sameValue(other.value, found.value))) continue
    ledger.lost(other.path, {
      reason: `${name} holds for the whole cluster, and the primary has another value`,
      instead: `the value of ${primary.host} counts`,
    })
  }
  if (found !== undefined && isJinja(found.value)) {
    ledger.lost(found.path, {
      reason: 'a Jinja expression, which only Ansible can evaluate',
      instead: "Pigsty's default counts",
    })
    return defaultSetting(name)
  }
  return found ?? defaultSetting(name)
}

export function defaultSetting(name: string): Setting | undefined {
  return Object.hasOwn(PIGSTY_DEFAULTS, name) ? { path: [DEFAULT_ROOT, name], value: PIGSTY_DEFAULTS[name] } : undefined
}

/** Items of a list of maps, with bare names as `{ name }`; anything else is noted as lost. */
export function itemsOf(
  setting: Setting | undefined,
  ledger: Ledger,
): readonly (Setting & { readonly value: Table })[] {
  if (setting === undefined || setting.value === null) return []
  const list: readonly unknown[] = Array.isArray(setting.value) ? setting.value : [setting.value]
  return list.flatMap((value, index): readonly (Setting & { readonly value: Table })[] => {
    const path = Array.isArray(setting.value) ? [...setting.path, index] : setting.path
    if (isTable(value)) return [{ path, value }]
    ledger.lost(path, { reason: 'Pigsty wants a map here', instead: 'it is left out' })
    return []
  })
}

function isJinja(value: unknown): boolean {
  return /\{\{|\{%/.test(JSON.stringify(value) ?? '')
}

/** `off` and `'off'` are the same word to Pigsty. */
function sameValue(left: unknown, right: unknown): boolean {
  const word = (value: unknown): unknown => (value === true ? 'on' : value === false ? 'off' : value)
  return JSON.stringify(word(left)) === JSON.stringify(word(right))
}
