import type { Problem } from '../../../shared/domain/problem.ts'
import { type Path, readSource, type Source } from '../source.ts'
import { placeText } from './place.ts'
import { isTable, type Setting, type Table } from './values.ts'

export type Variables = ReadonlyMap<string, Setting>

export interface Host {
  readonly path: Path
  readonly variables: Variables
}

export interface Group {
  readonly name: string
  /** Groups inside groups are stronger: 1 is right below `all`. */
  readonly depth: number
  readonly variables: Variables
  readonly hosts: ReadonlyMap<string, Host>
  /** Names of the hosts of this group and of the groups inside it. */
  readonly members: ReadonlySet<string>
}

/** A Pigsty (Ansible) inventory as it is written, nothing merged. */
export interface Inventory {
  readonly source: Source
  readonly variables: Variables
  readonly groups: readonly Group[]
}

/** True for a document that can only be an Ansible inventory. */
export function isInventory(data: unknown): boolean {
  return isTable(data) && isTable(data['all']) && !('fleet' in data)
}

export function readInventory(text: string): Inventory | readonly Problem[] {
  const source = readSource(text, { booleanWords: true })
  if (!('data' in source)) return source
  const problems: Problem[] = []
  const report = (path: Path, message: string): void => {
    problems.push({
      code: 'not-an-inventory',
      message,
      path: placeText(path),
      ...source.position(path),
      hint: 'A Pigsty inventory has `all` with `children` and `vars`; each group has `hosts` and `vars`.',
      severity: 'error',
    })
  }
  const all = isTable(source.data) ? source.data['all'] : undefined
  if (!isTable(all)) {
    report([], 'this is not a Pigsty inventory: the document has no map `all`')
    return problems
  }
  const reader: Reader = { report, table: (parent, key) => tableAt({ parent, key, report }) }
  const top: Setting = { path: ['all'], value: all }
  const ungrouped = {
    ...groupOf({ setting: { path: ['all'], value: { hosts: all['hosts'] } }, depth: 0, reader }),
    name: 'all',
  }
  const groups = [ungrouped, ...childrenOf({ setting: top, depth: 1, reader })]
  const variables = variablesOf(reader.table(top, 'vars'))
  return problems.length > 0 ? problems : { source, variables, groups }
}

interface Reader {
  report(path: Path, message: string): void
  /** The map under a key; empty when there is none, which is legal everywhere. */
  table(parent: Setting, key: string): Setting & { readonly value: Table }
}

function tableAt({
  parent,
  key,
  report,
}: {
  readonly parent: Setting
  readonly key: string
  readonly report: Reader['report']
}): Setting & { readonly value: Table } {
  const path = [...parent.path, key]
  const value = isTable(parent.value) ? parent.value[key] : undefined
  if (isTable(value)) return { path, value }
  if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)) {
    report(path, `\`${placeText(path)}\` must be a map`)
  }
  return { path, value: {} }
}

interface Level {
  readonly setting: Setting
  readonly depth: number
  readonly reader: Reader
}

function childrenOf({ setting, depth, reader }: Level): readonly Group[] {
  const children = reader.table(setting, 'children')
  return Object.keys(children.value).flatMap(name => {
    const child = reader.table(children, name)
    const inner = childrenOf({ setting: child, depth: depth + 1, reader })
    const own = groupOf({ setting: child, depth, reader })
    const members = new Set([...own.members, ...inner.flatMap(group => [...group.members])])
    return [{ ...own, name, members }, ...inner]
  })
}

function groupOf({ setting, depth, reader }: Level): Group {
  const table = reader.table(setting, 'hosts')
  const hosts = new Map(
    Object.keys(table.value).map((name): [string, Host] => {
      const host = reader.table(table, name)
      return [name, { path: host.path, variables: variablesOf(host) }]
    }),
  )
  return {
    name: '',
    depth,
    variables: variablesOf(reader.table(setting, 'vars')),
    hosts,
    members: new Set(hosts.keys()),
  }
}

function variablesOf({ path, value }: Setting & { readonly value: Table }): Variables {
  return new Map(
    Object.entries(value).map(([name, item]): [string, Setting] => [name, { path: [...path, name], value: item }]),
  )
}

/** Every place where the inventory sets a parameter, in the order of the file's structure. */
export function settingsOf(inventory: Inventory): readonly { readonly name: string; readonly setting: Setting }[] {
  const scopes = [
    ...inventory.groups.flatMap(group => [...[...group.hosts.values()].map(host => host.variables), group.variables]),
    inventory.variables,
  ]
  return scopes.flatMap(scope => [...scope].map(([name, setting]) => ({ name, setting })))
}
