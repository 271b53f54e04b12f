import type { ComponentReport, ComponentsPlan } from '../../../../shared/domain/component.ts'
import {
  answerOf,
  type StoryOfOne,
  type StoryParts,
  type Told,
  turnStory,
  waveStory,
  withWayBack,
} from '../campaign/story-parts.ts'
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
): StoryOfOne {
  const report = answerOf<ComponentReport>(parts.titled.get(`upgrade ${host.what}`))
  if (report === undefined) return turnStory(host.what, parts)
  const { result, operationId, because, from, to, begunAt, endedAt, stallMs, disconnected, phases = [] } = report
  const story: StoryOfOne = {
    state: result,
    version: result === 'upgraded' ? to : from,
    phases,
    ...(operationId === null ? {} : { operationId }),
    ...(because === undefined ? {} : { because }),
    ...(begunAt === undefined ? {} : { begunAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(stallMs === undefined ? {} : { stallMs }),
    ...(disconnected === undefined ? {} : { disconnected }),
  }
  const told = withWayBack(story, host, parts)
  return told.state === 'back' ? { ...told, version: from } : told
}
