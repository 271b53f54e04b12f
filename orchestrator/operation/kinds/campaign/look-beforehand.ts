import type { CampaignPlan, ClusterPreflight } from '../../../../shared/domain/campaign.ts'
import type { ClusterName, NodeId } from '../../../../shared/domain/ids.ts'
import type { Program, ProgramStep } from '../../program.ts'
import { askServers, type ServerAnswer } from './ask-servers.ts'
import type { CampaignInput } from './campaign.ts'
import { type Chosen, chooseAll } from './choose-all.ts'
import { layOutAll, type TrialReport } from './lay-out-all.ts'
import { type Circumstances, findCircumstances, lookAtAll, refuseUnfit } from './look.ts'
import { serverChecks } from './server-checks.ts'
import { trialChecks } from './trial-checks.ts'

const CLUSTERS_AT_ONCE = 16

type Answers = ReadonlyMap<ClusterName, readonly ServerAnswer[]>

/** Everything that is known, and what every server says. Changes nothing. */
export async function lookBeforehand(input: CampaignInput, op: Program): Promise<Looked> {
  op.phase('look')
  const known = await op.step(lookAtAll(input))
  const circumstances = await op.step(findCircumstances())
  op.phase('ask the servers')
  const refused = new Set(known.clusters.filter(isOutOfReach).map(({ cluster }) => cluster))
  const asked = input.clusters.filter(({ name }) => !refused.has(name))
  const found = await op.each({ items: asked, atOnce: CLUSTERS_AT_ONCE }, (cluster, lane) => askServers(cluster, lane))
  const answers: Answers = new Map(asked.map(({ name }, index) => [name, found[index] ?? []]))
  return { plan: withAnswers(known, answers, circumstances), answers, circumstances }
}

export interface Looked {
  readonly plan: CampaignPlan
  readonly answers: Answers
  readonly circumstances: Circumstances
}

/**
 * Lays out every version and tries it, everywhere, when nothing speaks against the upgrade so far. Answers with what every cluster is to
 * run, and the plan with what was found.
 */
export async function tryBeforehand(
  input: CampaignInput,
  looked: Looked,
  op: Program,
): Promise<{ readonly plan: CampaignPlan; readonly chosen: Chosen }> {
  refuseUnfit(looked.plan)
  op.phase('choose')
  const chosen = await op.step(chooseAll(input))
  const trials = await layOutAll(chosen, op)
  return { chosen, plan: await op.step(judge(looked, trials)) }
}

/** In a step, for people: this is what they look for when nothing was begun. */
function judge({ plan, answers, circumstances }: Looked, trials: readonly TrialReport[]): ProgramStep<CampaignPlan> {
  return {
    title: 'judge what was found',
    async act() {
      const nodeNames = new Map<NodeId, string>(Object.entries(circumstances.nodeNames))
      const clusters = plan.clusters.map(each =>
        withChecks(each, trialChecks(each.cluster, { trials, answers: answers.get(each.cluster) ?? [], nodeNames })),
      )
      const refused = clusters.filter(each => each.refused).length
      const sizes = trials.flatMap(({ trial }) => ('refused' in trial ? [] : [trial.sizeBytes]))
      const size = `${Math.round(Math.max(0, ...sizes) / 1e6)} MB on each node at most`
      return {
        result: { ...plan, clusters },
        detail:
          refused === 0 ? `every version runs where it is to run; ${size}` : `${refused} clusters cannot go there`,
      }
    },
  }
}

/** Pure. */
export function withAnswers(plan: CampaignPlan, answers: Answers, circumstances: Circumstances): CampaignPlan {
  const delayed = new Set(circumstances.delayed)
  return {
    ...plan,
    clusters: plan.clusters.map(each => {
      const own = answers.get(each.cluster) ?? []
      const { from, to } = each
      const versions = { from, ...(to === undefined ? {} : { to }) }
      const clients = own.flatMap(answer =>
        'look' in answer ? answer.look.clients.map(client => ({ instance: answer.instance, ...client })) : [],
      )
      const checked = withChecks(each, serverChecks(own, { versions, notes: circumstances.notes, delayed }))
      return clients.length === 0 ? checked : { ...checked, clients }
    }),
  }
}

function withChecks(preflight: ClusterPreflight, more: ClusterPreflight['checks']): ClusterPreflight {
  const checks = [...preflight.checks, ...more]
  return { ...preflight, checks, refused: checks.some(({ grade }) => grade === 'refuse') }
}

/** Whoever is not there cannot be asked; one that is refused for another reason still has clients to tell of. */
function isOutOfReach({ checks }: ClusterPreflight): boolean {
  return checks.some(({ what, grade }) => grade === 'refuse' && /^(?:node|member|primary)\b/.test(what))
}
