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

/** The fleet's changes, then those of single hosts, then what some hosts have alike, once for all of them. */
function byHosts(changes: readonly Change__Output[]): readonly HostChanges[] {
  const seen = Map.groupBy(changes, contentOf)
  const isShared = (change: Change__Output): boolean => (seen.get(contentOf(change))?.length ?? 0) > 1
  const hosts = [...Map.groupBy(changes, ({ node }) => node)]
    .map(([node, all]) => ({ node, own: all.filter(change => !isShared(change)), all, shared: all.filter(isShared) }))
    .sort((left, right) => left.node.localeCompare(right.node, 'en', { numeric: true }))
  const classes = [...Map.groupBy(hosts, ({ shared }) => JSON.stringify(shared.map(contentOf))).values()]
  const isAlone = new Set(
    classes.flatMap(([first, ...others]) => (first !== undefined && others.length === 0 ? [first] : [])),
  )
  return [
    ...hosts.map(host => ({ hosts: host.node, alike: isAlone.has(host) ? host.all : host.own })),
    ...classes.flatMap(alike =>
      alike.length === 1 ? [] : [{ hosts: nameList(alike.map(({ node }) => node)), alike: alike[0]?.shared ?? [] }],
    ),
  ].filter(({ alike }) => alike.length > 0)
}

function contentOf({ verb, subject, reason, detail }: Change__Output): string {
  return JSON.stringify([verb, subject, reason, detail])
}

function explanation(output: Output, plan: PlanResponse__Output): string[] {
  return [placementLines, hostLines, settingLines, kernelLines, stepLines].flatMap(part => part(output, plan))
}

function summary(plan: PlanResponse__Output): string {
  const count = (verb: string) => plan.changes.filter(change => change.verb === verb).length
  if (plan.changes.length === 0) return 'No changes: the fleet is as the file says.'
  return `Plan ${plan.planId}: ${count('create')} to create, ${count('update')} to update, ${count('remove')} to remove, in ${plan.phases.length} phases.`
}
