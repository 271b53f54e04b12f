import type { Change, Plan } from '../../shared/domain/plan.ts'
import type { PlanDraft } from './plan.ts'
import { plural } from './problems.ts'

export interface ExplainOptions {
  /** Also where everything goes and why not elsewhere, and every setting with its source. */
  readonly reasons: boolean
}

const SIGN: Readonly<Record<Change['verb'], string>> = { create: '+', update: '~', remove: '-' }

/** A plan as lines for people: changes by node with their reasons, phases, and one summary line. */
export function explain(plan: Plan | PlanDraft, options: ExplainOptions = { reasons: false }): readonly string[] {
  return [
    ...plan.problems.flatMap(problem => [
      `warning: ${problem.message}`,
      ...(problem.hint === undefined ? [] : [`  ${problem.hint}`]),
    ]),
    ...changeLines(plan),
    ...(options.reasons ? [...placementLines(plan), ...settingLines(plan)] : []),
    ...phaseLines(plan),
    summaryLine(plan),
  ]
}

function changeLines({ changes }: PlanDraft): readonly string[] {
  const groups = Map.groupBy(changes, change => change.node ?? 'fleet')
  return [...groups].flatMap(([node, group]) => [
    node,
    ...group.map(
      ({ verb, subject, reason, detail }) =>
        `  ${SIGN[verb]} ${subject} (${reason})${detail === undefined ? '' : `: ${detail}`}`,
    ),
  ])
}

function placementLines({ placements }: PlanDraft): readonly string[] {
  return placements.flatMap(({ instance, node, because, rejected }) => [
    `${instance} on ${node}: ${because}`,
    ...rejected.map(other => `    not ${other.node}: ${other.because}`),
  ])
}

function settingLines({ settings }: PlanDraft): readonly string[] {
  return settings.map(
    ({ cluster, name, value, because, from }) => `${cluster} ${name} = ${value}: ${because} [${from}]`,
  )
}

function phaseLines({ phases }: PlanDraft): readonly string[] {
  return phases.map(({ name, steps }, index) => `${index + 1}. ${name} (${plural(steps.length, 'step')})`)
}

function summaryLine({ changes, phases }: PlanDraft): string {
  if (changes.length === 0) return 'No changes: the fleet is as the file says.'
  const count = (verb: Change['verb']): number => changes.filter(change => change.verb === verb).length
  return `${count('create')} to create, ${count('update')} to update, ${count('remove')} to remove, in ${plural(phases.length, 'phase')}.`
}
