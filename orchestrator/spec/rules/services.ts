import { gives, type Loose, type LooseText, looseList, looseNumber, looseText, looseTexts, names } from '../loose.ts'
import type { Report } from '../report.ts'
import { membersOf } from './members.ts'
import { suggestion } from './suggestion.ts'
import { checkUnique, checkUniqueTexts } from './unique.ts'

const FULL_PRIORITY = 100
const DEFAULT_PRIORITY = 50

/** Names of Drover's own services, and of what else is in HAProxy's file beside them. */
const OWN_NAMES =
  /^(primary|replica|default|offline|source|write-hop|poolers|(primary|replica|read-only|sync|running|alive)-(poolers|postgres|port-\d+))$/

interface ServiceRule {
  readonly service: Loose
  readonly cluster: Loose
  readonly report: Report
}

/** Services: groups that exist, a fallback that spares whoever matters more, and somebody who can answer. */
export function checkServices(cluster: Loose, report: Report): void {
  const services = looseList(cluster, 'services')
  checkUnique({ items: services, what: 'service', report })
  for (const service of services) {
    checkName(service, report)
    checkGroups({ service, cluster, report })
    checkPriorities({ service, cluster, report })
    checkRole({ service, cluster, report })
  }
}

function checkName(service: Loose, report: Report): void {
  const name = looseText(service, 'name')
  if (name === undefined || !OWN_NAMES.test(name)) return
  report({
    code: 'reserved-name',
    message: `\`${name}\` is a name of Drover's own`,
    path: [...service.path, 'name'],
    hint: 'Choose another name; `primary`, `replica`, `default` and `offline` exist in every cluster.',
  })
}

function checkGroups({ service, cluster, report }: ServiceRule): void {
  const known = new Set(['members', 'all', ...names(looseList(cluster, 'replicas'))])
  const from = looseTexts(service, 'from')
  const backup = looseTexts(service, 'backup')
  for (const { text, path } of [...from, ...backup]) {
    if (known.has(text)) continue
    report({
      code: 'unknown-group',
      message: `the service names \`${text}\`, which is no replica group of this cluster`,
      path,
      hint: suggestion(text, known) ?? 'Declare it under `replicas`.',
    })
  }
  checkUniqueTexts({
    texts: [...(gives(service, 'from') ? from : [membersGroup(service)]), ...backup],
    what: 'group',
    report,
  })
  const everything = [...from, ...backup].find(({ text }) => text === 'all')
  if (everything === undefined || from.length + backup.length === 1) return
  report({
    code: 'group-in-all',
    message: '`all` has every group in it; the others that the service names are named twice',
    path: everything.path,
    hint: 'Name `all` alone, or the groups one by one.',
  })
}

/** Readers that matter less must not fall on members that matter more, just when something has failed already. */
function checkPriorities({ service, cluster, report }: ServiceRule): void {
  const priorities = priorityOf(cluster)
  const from = gives(service, 'from') ? looseTexts(service, 'from') : [membersGroup(service)]
  const lowest = lowestPriority(
    from.map(({ text }) => text),
    priorities,
  )
  if (lowest === undefined) return
  for (const { text, path } of looseTexts(service, 'backup')) {
    const priority = text === 'all' ? FULL_PRIORITY : priorities.get(text)
    if (priority === undefined || priority <= lowest.priority) continue
    report({
      code: 'priority-inversion',
      message: `when \`${lowest.group}\` (priority ${lowest.priority}) is down, its readers would fall on \`${text}\` (priority ${priority}), which matters more`,
      path,
      hint: `Name a backup of priority ${lowest.priority} or less, raise the priority of \`${lowest.group}\`, or move \`${text}\` to \`from\` if it is to serve them always.`,
    })
  }
}

function checkRole({ service, cluster, report }: ServiceRule): void {
  const check = looseText(service, 'check') ?? 'replica'
  const path = [...service.path, gives(service, 'check') ? 'check' : 'name']
  const groups = looseList(cluster, 'replicas')
  const named = [...looseTexts(service, 'from'), ...looseTexts(service, 'backup')]
  if (check === 'primary' || check === 'sync') {
    const never = named.find(({ text }) => text !== 'members' && (text !== 'all' || groups.length > 0))
    if (never !== undefined) {
      report({
        code: 'role-outside-members',
        message: `\`${never.text}\` is in a service for ${check === 'primary' ? 'the primary' : 'synchronous standbys'}, but only full members are ever that`,
        path: never.path,
        hint: 'Write `from: [members]` and no `backup`, or another `check`.',
      })
    }
  }
  if (check === 'sync' && !['sync', 'strict-sync'].includes(looseText(cluster, 'durability') ?? 'async')) {
    report({
      code: 'service-without-server',
      message: 'nothing ever serves: with durability `async` no standby is synchronous',
      path,
      hint: 'Set `durability: sync`, or `check: replica`.',
    })
  }
  if (check === 'primary' && gives(cluster, 'standbyOf')) {
    report({
      code: 'service-without-server',
      message: 'nothing ever serves: a standby cluster has no primary',
      path,
      hint: 'Set `check: read-only`, or put the service into the cluster that it follows.',
    })
  }
  const onlyMembers = named.every(({ text }) => text === 'members' || (text === 'all' && groups.length === 0))
  if (check === 'replica' && onlyMembers && membersOf(cluster) === 1 && !gives(cluster, 'standbyOf')) {
    report({
      code: 'service-without-server',
      message: 'nothing ever serves: the only member that the service has is the primary',
      path,
      hint: 'Set `check: read-only`, or add members.',
    })
  }
}

function priorityOf(cluster: Loose): ReadonlyMap<string, number> {
  const groups = looseList(cluster, 'replicas').map(
    group => [looseText(group, 'name') ?? '', looseNumber(group, 'priority') ?? DEFAULT_PRIORITY] as const,
  )
  return new Map([['members', FULL_PRIORITY], ...groups])
}

function lowestPriority(
  from: readonly string[],
  priorities: ReadonlyMap<string, number>,
): { readonly group: string; readonly priority: number } | undefined {
  return [...priorities]
    .filter(([group]) => from.includes(group) || from.includes('all'))
    .map(([group, priority]) => ({ group, priority }))
    .toSorted((left, right) => left.priority - right.priority)[0]
}

/** What serves where the file gives no `from`. */
function membersGroup(service: Loose): LooseText {
  return { text: 'members', path: service.path }
}
