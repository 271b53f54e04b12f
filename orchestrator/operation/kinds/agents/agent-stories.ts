import type { AgentsPlan } from '../../../../shared/domain/agent-upgrade.ts'
import type { PhaseSpan } from '../../../../shared/domain/campaign.ts'
import type { ClusterState, ClusterStory } from '../../../../shared/domain/campaign-story.ts'
import type { StepRecord } from '../../record.ts'
import { answerOf, endOf, type StoryParts, spanOf, type Told, waveStory } from '../campaign/story-parts.ts'
import { type AgentAnswers, agentReport } from './agent-report.ts'
import { lookAtAgents } from './look.ts'
import * as steps from './steps.ts'
import { turnsOf, type UpgradeAgentsInput } from './upgrade-agents.ts'

/** Of those that take a turn; nobody does before the look has ended. Pure. */
export function agentStories(input: UpgradeAgentsInput, parts: StoryParts): Told {
  const { title } = lookAtAgents(input)
  const plan = answerOf<AgentsPlan>(parts.titled.get(title))
  const waves = plan === undefined ? [] : turnsOf(input, plan)
  return {
    waves: waves.map(({ name }) => waveStory(name, parts.steps)),
    clusters: waves.flatMap(({ name: wave, clusters: names }) =>
      input.nodes
        .filter(({ name }) => names.includes(name))
        .map(node => {
          const from = plan?.agents.find(each => each.node === node.name)?.from ?? ''
          return { cluster: node.name, wave, ...agentStory({ node, from, to: plan?.to ?? '', input }, parts.titled) }
        }),
    ),
  }
}

function agentStory(given: steps.Given, records: StoryParts['titled']): Omit<ClusterStory, 'cluster' | 'wave'> {
  const own = stepsOf(given, records)
  const answers = answersOf(own)
  const { node, from, to } = given
  const report = agentReport({ node: node.name, from, to }, answers)
  const acting = Object.entries(own).flatMap(([answer, step]) => (answer === 'begun' ? [] : (step ?? [])))
  const begunAts = acting.flatMap(({ begunAt }) => begunAt ?? [])
  const ends = acting.flatMap(step => endOf(step) ?? [])
  return {
    state: stateOf(answers, report?.result),
    version: report?.result === 'upgraded' ? to : from,
    phases: phasesOf(own),
    ...(begunAts.length === 0 ? {} : { begunAt: Math.min(...begunAts) }),
    ...(report === null || ends.length === 0 ? {} : { endedAt: Math.max(...ends) }),
    ...(report?.because === undefined ? {} : { because: report.because }),
    ...(report?.awayMs === undefined ? {} : { awayMs: report.awayMs }),
  }
}

/** A host that goes back by itself is `back` from then on. */
function stateOf(
  { begun, back, switched, heard, kept }: AgentAnswers,
  result: 'upgraded' | 'current' | 'left' | 'failed' | undefined,
): ClusterState {
  const isAway = switched !== undefined && (heard?.failed ?? kept?.failed) !== undefined
  if (isAway && back?.returned !== false) return 'back'
  if (result === undefined) return begun === undefined ? 'waiting' : 'running'
  return result === 'current' ? 'left' : result
}

type AgentSteps = { readonly [Answer in keyof AgentAnswers]-?: StepRecord | undefined }

/** The steps of one host, by what they answer. Their titles say the host. */
function stepsOf(given: steps.Given, records: StoryParts['titled']): AgentSteps {
  const titled = ({ title }: { readonly title: string }) => records.get(title)
  return {
    begun: titled({ title: `begin ${given.node.name}` }),
    laidOut: titled(steps.layOut(given)),
    switched: titled(steps.switchOver(given)),
    heard: titled(steps.hear(given)),
    kept: titled(steps.keep(given)),
    back: titled(steps.awaitReturn(given, 0)),
    why: titled(steps.askWhy(given)),
  }
}

function answersOf(own: AgentSteps): AgentAnswers {
  return Object.fromEntries(
    Object.entries(own).flatMap(([answer, step]) => {
      const given = answerOf<unknown>(step)
      return given === undefined ? [] : [[answer, given]]
    }),
  )
}

function phasesOf({ laidOut, switched, heard, kept, back, why }: AgentSteps): readonly PhaseSpan[] {
  const span = (records: readonly (StepRecord | undefined)[], phase: Pick<PhaseSpan, 'kind' | 'name'>) =>
    spanOf(
      records.filter(step => step !== undefined),
      phase,
    ) ?? []
  return [
    span([laidOut], { kind: 'prepare', name: 'lay out' }),
    span([switched], { kind: 'members', name: 'switch' }),
    span([heard, kept], { kind: 'watch', name: 'connect, watch, answer' }),
    span([back, why], { kind: 'back', name: 'go back' }),
  ].flat()
}
