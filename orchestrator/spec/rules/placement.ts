import { closestWord } from '../../../shared/domain/closest-word.ts'
import { type Loose, type LooseText, looseList, looseMap, looseNumber, looseText, looseTexts } from '../loose.ts'
import type { Report } from '../report.ts'
import { membersOf } from './members.ts'
import { checkUniqueTexts } from './unique.ts'

const DEFAULT_SPREAD: readonly string[] = ['region', 'zone', 'rack']

/** Named nodes against the members that want them, and labels that have to agree. */
export function checkPlacement(cluster: Loose, report: Report): void {
  const placement = looseMap(cluster, 'placement')
  const groups = looseList(cluster, 'replicas')
  checkCount({ owner: placement, key: 'placement.nodes', members: membersOf(cluster), report })
  for (const group of groups) {
    checkCount({ owner: group, key: 'nodes', members: looseNumber(group, 'members') ?? 1, report })
  }
  checkTwice([placement, ...groups], report)
  checkUniqueTexts({ texts: looseTexts(placement, 'spread'), what: 'label', report })
  checkLabels({ cluster, placement, report })
}

function checkCount({
  owner,
  key,
  members,
  report,
}: {
  readonly owner: Loose
  readonly key: string
  readonly members: number
  readonly report: Report
}): void {
  const nodes = owner.values['nodes']
  if (!Array.isArray(nodes) || nodes.length === members) return
  report({
    code: 'node-count',
    message: `\`${key}\` names ${plural(nodes.length, 'node')} for ${plural(members, 'member')}`,
    path: [...owner.path, 'nodes'],
    hint: 'Name exactly one node for each member.',
  })
}

/** Over the full members and all groups: a node holds one member of a cluster, whatever it is for. */
function checkTwice(owners: readonly Loose[], report: Report): void {
  const seen = new Set<string>()
  for (const { text, path } of owners.flatMap((owner): readonly LooseText[] => looseTexts(owner, 'nodes'))) {
    if (seen.has(text))
      report({
        code: 'duplicate-node',
        message: `node \`${text}\` is named twice; a node holds one member of a cluster`,
        path,
        hint: 'Name another node.',
      })
    seen.add(text)
  }
}

function checkLabels({
  cluster,
  placement,
  report,
}: {
  readonly cluster: Loose
  readonly placement: Loose
  readonly report: Report
}): void {
  const isolation = looseText(placement, 'isolation') ?? 'prefer'
  const given = Array.isArray(placement.values['spread'])
    ? looseTexts(placement, 'spread').map(each => each.text)
    : undefined
  const spread = given ?? DEFAULT_SPREAD
  if (isolation === 'require' && spread.length === 0) {
    report({
      code: 'isolation-without-spread',
      message: '`isolation: require` needs a label to isolate over, but `spread` is empty',
      path: [...placement.path, 'isolation'],
      hint: 'Set `spread: [zone]`, or `isolation: prefer`.',
    })
  }
  const synchronous = looseMap(cluster, 'synchronous')
  const across = looseText(synchronous, 'across')
  if (across !== undefined)
    checkInSpread({ label: across, path: [...synchronous.path, 'across'], known: spread, report })
  if (isolation !== 'prefer' && isolation !== 'require') {
    checkInSpread({
      label: isolation,
      path: [...placement.path, 'isolation'],
      known: ['prefer', 'require', ...spread],
      report,
    })
  }
}

/** Nothing forbids another label; most of the time it is a slip of the pen. */
function checkInSpread({
  label,
  path,
  known,
  report,
}: {
  readonly label: string
  readonly path: LooseText['path']
  readonly known: readonly string[]
  readonly report: Report
}): void {
  if (known.includes(label)) return
  const close = closestWord(label, known)
  report({
    code: 'label-not-in-spread',
    message: `\`${label}\` is no label of \`placement.spread\`, so members are not spread over it`,
    path,
    hint:
      close === undefined
        ? `Add \`${label}\` to \`spread\`.`
        : `Did you mean \`${close}\`? Else add \`${label}\` to \`spread\`.`,
    severity: 'warning',
  })
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
