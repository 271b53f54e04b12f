import type { Inventory, Variables } from './inventory.ts'
import { type Setting, textOf } from './values.ts'

/**
 * What holds for one host, as Ansible merges it: the variables of all, then of each of its groups (outer before inner, then by
 * name), then the host's own, wherever it is listed. A later one replaces an earlier one whole.
 */
export function hostVariables(inventory: Inventory, host: string): Variables {
  const groups = inventory.groups
    .filter(group => group.members.has(host))
    .sort((left, right) => left.depth - right.depth || (left.name < right.name ? -1 : 1))
  const own = inventory.groups.flatMap(group => group.hosts.get(host)?.variables ?? [])
  return new Map([inventory.variables, ...groups.map(group => group.variables), ...own].flatMap(scope => [...scope]))
}

/** `${admin_ip}` and the like, from the variables of the host; what is not known stays as it is. */
export function expandPlaceholders({
  text,
  variables,
  host,
}: {
  readonly text: string
  readonly variables: Variables
  readonly host: string
}): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'ip' || name === 'inventory_hostname') return host
    if (name === 'lo') return '127.0.0.1'
    const value: Setting | undefined = variables.get(name === 'vip' ? 'pg_vip_address' : name)
    const expanded = textOf(value?.value)
    return expanded === undefined || expanded.includes('${') ? whole : expanded.replace(/\/\d+$/, '')
  })
}
