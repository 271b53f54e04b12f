import type { Change__Output } from '../../../proto/gen/drover/v1/Change.ts'
import type { PlanResponse__Output } from '../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Output } from '../terminal.ts'
import { hostLines } from './explain/hosts.ts'
import { kernelLines } from './explain/kernel.ts'
import { placementLines } from './explain/placements.ts'
import { settingLines } from './explain/settings.ts'
import { stepLines } from './explain/steps.ts'
import { nameList } from './name-list.ts'
import { problemLines } from './problems.ts'
import { rebalanceLines } from './rebalance.ts'
import { paint, type Tone } from './style.ts'
import { wrap } from './wrap.ts'

const SIGNS: Readonly<Record<string, { readonly sign: string; readonly tone: Tone }>> = {
  create: { sign: '+', tone: 'green' },
  update: { sign: '~', tone: 'yellow' },
  remove: { sign: '-', tone: 'red' },
}

export interface PlanView {
  /** Show where every member went and why not elsewhere, every setting with its source, and the steps in their order. */
  readonly explain: boolean
}

/** Changes by host with their reasons, when asked for also what they come from and how they go, then one summary line. */
export function renderPlan(output: Output, plan: PlanResponse__Output, view: PlanView): string {
  const lines = [
    ...problemLines(output, plan.problems),
    ...changeLines(output, plan),
    ...(view.explain ? explanation(output, plan) : []),
    ...(plan.rebalance === null ? [] : rebalanceLines(output, plan.rebalance)),
    summary(plan),
  ]
  return `${lines.join('\n')}\n`
}

function changeLines(output: Output, { changes }: PlanResponse__Output): string[] {
  return byHosts(changes).flatMap(({ hosts, alike }) => [
    paint(output, 'bold', hosts === '' ? 'fleet' : hosts),
    ...alike.flatMap(({ verb, subject, reason, detail }) => {
      const { sign, tone } = SIGNS[verb] ?? { sign: '?', tone: 'dim' as const }
      const [first = '', ...more] = wrap(`${subject}  (${reason})${detail === '' ? '' : `  ${detail}`}`, {
        columns: output.columns,
        indent: 4,
        hang: 8,
      })
      return [`  ${paint(output, tone, sign)} ${first.trimStart()}`, ...more.map(line => paint(output, 'dim', line))]
    }),
  ])
}

interface HostChanges {
  /** Empty: the fleet. */
  readonly hosts: string
  readonly alike: readonly Change__Output[]
}

/** The fleet's changes, then those of single hosts, then what several hosts have alike, once for all of them. */
function byHosts(changes: readonly Change__Output[]): readonly HostChanges[] {
  const same = Map.groupBy(changes, ({ verb, subject, reason, detail }) =>
    JSON.stringify([verb, subject, reason, detail]),
  )
  const sets = [...same.values()].flatMap(group => {
    const [change] = group
    if (change === undefined) return []
    const nodes = [...new Set(group.map(({ node }) => node))]
    return [{ change, hosts: nameList(nodes), rank: nodes.length > 1 ? 2 : nodes[0] === '' ? 0 : 1 }]
  })
  const groups = Map.groupBy(sets, ({ hosts }) => hosts)
  return [...groups.values()]
    .sort(([left], [right]) => (left?.rank ?? 0) - (right?.rank ?? 0) || compareNames(left?.hosts, right?.hosts))
    .map(group => ({ hosts: group[0]?.hosts ?? '', alike: group.map(({ change }) => change) }))
}

function compareNames(left = '', right = ''): number {
  return left.localeCompare(right, 'en', { numeric: true })
}

function explanation(output: Output, plan: PlanResponse__Output): string[] {
  return [placementLines, hostLines, settingLines, kernelLines, stepLines].flatMap(part => part(output, plan))
}

function summary(plan: PlanResponse__Output): string {
  const count = (verb: string) => plan.changes.filter(change => change.verb === verb).length
  if (plan.changes.length === 0) return 'No changes: the fleet is as the file says.'
  return `Plan ${plan.planId}: ${count('create')} to create, ${count('update')} to update, ${count('remove')} to remove, in ${plan.phases.length} phases.`
}
