import type { PlanResponse__Output } from '../../../proto/gen/drover/v1/PlanResponse.ts'
import type { Output } from '../terminal.ts'
import { problemLines } from './problems.ts'
import { paint, type Tone } from './style.ts'

const SIGNS: Readonly<Record<string, { readonly sign: string; readonly tone: Tone }>> = {
  create: { sign: '+', tone: 'green' },
  update: { sign: '~', tone: 'yellow' },
  remove: { sign: '-', tone: 'red' },
}

export interface PlanView {
  /** Show where every member went and why not elsewhere, every setting with its source, and the steps in their order. */
  readonly explain: boolean
  /** Only this setting. */
  readonly setting?: string
}

/** Changes by node with their reasons, when asked for also what they come from and how they go, then one summary line. */
export function renderPlan(output: Output, plan: PlanResponse__Output, view: PlanView): string {
  const lines = [
    ...problemLines(output, plan.problems),
    ...changeLines(output, plan),
    ...(view.explain ? explanation(output, plan, view) : []),
    summary(plan),
  ]
  return `${lines.join('\n')}\n`
}

function changeLines(output: Output, plan: PlanResponse__Output): string[] {
  const subjects = [...new Set(plan.changes.map(change => change.node))].sort()
  return subjects.flatMap(node => [
    paint(output, 'bold', node === '' ? 'fleet' : node),
    ...plan.changes
      .filter(change => change.node === node)
      .map(change => {
        const { sign, tone } = SIGNS[change.verb] ?? { sign: '?', tone: 'dim' as const }
        const detail = change.detail === '' ? '' : `  ${paint(output, 'dim', change.detail)}`
        return `  ${paint(output, tone, sign)} ${change.subject}  (${change.reason})${detail}`
      }),
  ])
}

function explanation(output: Output, plan: PlanResponse__Output, view: PlanView): string[] {
  return [
    ...placementLines(output, plan),
    ...settingLines(output, plan, view.setting),
    ...(view.setting === undefined ? phaseLines(output, plan) : []),
  ]
}

function placementLines(output: Output, plan: PlanResponse__Output): string[] {
  if (plan.placements.length === 0) return []
  return [
    paint(output, 'bold', 'placement'),
    ...plan.placements.flatMap(({ instance, node, because, rejected }) => [
      `  ${instance} on ${node}: ${because}`,
      ...rejected.map(other => paint(output, 'dim', `      not ${other.node}: ${other.because}`)),
    ]),
  ]
}

function settingLines(output: Output, plan: PlanResponse__Output, only: string | undefined): string[] {
  const settings = plan.settings.filter(({ name }) => only === undefined || name === only)
  if (settings.length === 0) return only === undefined ? [] : [`no setting ${only} in this plan`]
  return [
    paint(output, 'bold', 'settings'),
    ...settings.flatMap(setting => [
      `  ${setting.cluster}  ${setting.name} = ${setting.value}  ${setting.because}`,
      paint(output, 'dim', `      from ${setting.from}`),
    ]),
  ]
}

function phaseLines(output: Output, { phases }: PlanResponse__Output): string[] {
  if (phases.length === 0) return []
  return [
    paint(output, 'bold', 'steps'),
    ...phases.flatMap(({ name, steps }, index) => [
      `  ${index + 1}. ${name}`,
      ...steps.map(step => paint(output, 'dim', `      ${step}`)),
    ]),
  ]
}

function summary(plan: PlanResponse__Output): string {
  const count = (verb: string) => plan.changes.filter(change => change.verb === verb).length
  if (plan.changes.length === 0) return 'No changes: the fleet is as the file says.'
  return `Plan ${plan.planId}: ${count('create')} to create, ${count('update')} to update, ${count('remove')} to remove, in ${plan.phases.length} phases.`
}
