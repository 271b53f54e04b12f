import type { PlanResponse__Output } from '../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Output } from '../terminal.ts'
import { hostLines } from './explain/hosts.ts'
import { kernelLines } from './explain/kernel.ts'
import { placementLines } from './explain/placements.ts'
import { settingLines } from './explain/settings.ts'
import { stepLines } from './explain/steps.ts'
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

/** Changes by node with their reasons, when asked for also what they come from and how they go, then one summary line. */
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

function changeLines(output: Output, plan: PlanResponse__Output): string[] {
  const byNode = [...Map.groupBy(plan.changes, change => change.node)].sort(([left], [right]) =>
    left.localeCompare(right, 'en', { numeric: true }),
  )
  return byNode.flatMap(([node, changes]) => [
    paint(output, 'bold', node === '' ? 'fleet' : node),
    ...changes.flatMap(({ verb, subject, reason, detail }) => {
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

function explanation(output: Output, plan: PlanResponse__Output): string[] {
  return [placementLines, hostLines, settingLines, kernelLines, stepLines].flatMap(part => part(output, plan))
}

function summary(plan: PlanResponse__Output): string {
  const count = (verb: string) => plan.changes.filter(change => change.verb === verb).length
  if (plan.changes.length === 0) return 'No changes: the fleet is as the file says.'
  return `Plan ${plan.planId}: ${count('create')} to create, ${count('update')} to update, ${count('remove')} to remove, in ${plan.phases.length} phases.`
}
