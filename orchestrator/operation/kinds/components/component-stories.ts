import type { ClusterStory } from '../../../../shared/domain/campaign-story.ts'
import type { ComponentReport, ComponentsPlan } from '../../../../shared/domain/component.ts'
import { answerOf, type StoryParts, type Told, turnStory, waveStory, wayBack } from '../campaign/story-parts.ts'
import { whatOf } from './campaign-steps.ts'
import { lookAtComponents } from './look.ts'
import type { UpgradeComponentsInput } from './upgrade-components.ts'

/** Nobody is in a wave before the look has ended. Pure. */
export function componentStories(input: UpgradeComponentsInput, parts: StoryParts): Told {
  const { title } = lookAtComponents(input)
  const plan = answerOf<ComponentsPlan>(parts.titled.get(title))
  const waves = plan?.waves ?? []
  return {
    waves: waves.map(({ name }) => waveStory(name, parts.steps)),
    clusters: waves.flatMap(({ name: wave, component, clusters: nodes }) =>
      nodes.map(node => ({
        cluster: node,
        component,
        wave,
        ...hostStory({ name: node, what: whatOf({ component, node }), wave }, parts),
      })),
    ),
  }
}

function hostStory(
  host: { readonly name: string; readonly what: string; readonly wave: string },
  parts: StoryParts,
): Omit<ClusterStory, 'cluster' | 'wave'> {
  const report = answerOf<ComponentReport>(parts.titled.get(`upgrade ${host.what}`))
  if (report === undefined) return turnStory(host.what, parts)
  const { result, operationId, because, from, to, begunAt, endedAt, stallMs, disconnected, phases = [] } = report
  const back = wayBack(host, parts)
  return {
    state: back === undefined ? result : 'back',
    version: result === 'upgraded' && back === undefined ? to : from,
    phases,
    ...(operationId === null ? {} : { operationId }),
    ...(because === undefined ? {} : { because }),
    ...back,
    ...(begunAt === undefined ? {} : { begunAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(stallMs === undefined ? {} : { stallMs }),
    ...(disconnected === undefined ? {} : { disconnected }),
  }
}
