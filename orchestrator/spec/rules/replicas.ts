import { gives, type Loose, looseList, looseText } from '../loose.ts'
import type { Report } from '../report.ts'
import { checkUnique } from './unique.ts'

/** Words that mean something else where services name groups. */
const RESERVED_GROUPS: readonly string[] = ['members', 'all', 'primary', 'standby', 'sync']
const ROLES: readonly string[] = ['replica', 'offline', 'delayed']

/** Replica groups: names that services can tell apart, and a delay exactly where the role has one. */
export function checkReplicas(cluster: Loose, report: Report): void {
  const groups = looseList(cluster, 'replicas')
  checkUnique({ items: groups, what: 'replica group', report })
  for (const group of groups) {
    checkName(group, report)
    checkDelay(group, report)
  }
}

function checkName(group: Loose, report: Report): void {
  const name = looseText(group, 'name')
  const role = looseText(group, 'role')
  if (name === undefined) return
  if (RESERVED_GROUPS.includes(name)) {
    report({
      code: 'reserved-name',
      message: `\`${name}\` is not free as the name of a replica group: services mean other members by it`,
      path: [...group.path, 'name'],
      hint: 'Name what the group is for, such as `readers`.',
    })
  }
  if (ROLES.includes(name) && role !== undefined && role !== name) {
    report({
      code: 'misleading-name',
      message: `the group \`${name}\` has another role, \`${role}\``,
      path: [...group.path, 'name'],
      hint: `Set \`role: ${name}\`, or rename the group.`,
    })
  }
}

function checkDelay(group: Loose, report: Report): void {
  const role = looseText(group, 'role')
  if (role === 'delayed' && !gives(group, 'delay')) {
    report({
      code: 'missing-delay',
      message: 'a `delayed` group needs a `delay`: how far it stays behind',
      path: group.path,
      hint: 'Add `delay: 1h`.',
    })
  }
  if (role !== undefined && role !== 'delayed' && gives(group, 'delay')) {
    report({
      code: 'delay-without-role',
      message: `only a \`delayed\` group has a \`delay\`; this one is \`${role}\``,
      path: [...group.path, 'delay'],
      hint: 'Set `role: delayed`, or remove the delay.',
    })
  }
}
