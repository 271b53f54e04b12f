import type { ClusterStory } from '../../../../shared/domain/campaign-story.ts'
import type { ComponentReport, ComponentsPlan } from '../../../../shared/domain/component.ts'
import { answerOf, type StoryParts, type Told, turnStory, waveStory } from '../campaign/story-parts.ts'
import { whatOf } from './campaign-steps.ts'
import { lookAtComponents } from './look.ts'
import type { UpgradeComponentsInput } from './upgrade-components.ts'

/** Nobody is in a wave before the look has ended. Pure. */
export function componentStories(input: UpgradeComponentsInput, parts: StoryParts): Told {
  const { title } = lookAtComponents(input)
  const plan = answerOf<ComponentsPlan>(parts.steps.find(step => step.title === title))
  const waves = plan?.waves ?? []
  return {
    waves: waves.map(({ name }) => waveStory(name, parts.steps)),
    clusters: waves.flatMap(({ name: wave, component, clusters: nodes }) =>
      nodes.map(node => ({
        cluster: node,
        component,
        wave,
        ...hostStory(whatOf({ component, node }), parts),
      })),
    ),
  }
}

function hostStory(what: string, parts: StoryParts): Omit<ClusterStory, 'cluster' | 'wave'> {
  const titled = (title: string) => parts.steps.find(step => step.title === title)
  const report = answerOf<ComponentReport>(titled(`upgrade ${what}`))
  if (report === undefined) return turnStory(what, parts)
  const { result, operationId, because, from, to, begunAt, endedAt, stallMs, disconnected, phases = [] } = report
  const wentBack = titled(`take ${what} back`)
  const said = answerOf<string>(wentBack) ?? because
  return {
    state: wentBack === undefined ? result : 'back',
    version: result === 'upgraded' && wentBack === undefined ? to : from,
    phases,
    ...(operationId === null ? {} : { operationId }),
    ...(said === undefined ? {} : { because: said }),
    ...(begunAt === undefined ? {} : { begunAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(stallMs === undefined ? {} : { stallMs }),
    ...(disconnected === undefined ? {} : { disconnected }),
  }
}
