import type { ClusterReport } from '../../../../shared/domain/campaign.ts'
import type { ClusterStory } from '../../../../shared/domain/campaign-story.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { CampaignInput } from './campaign.ts'
import { answerOf, type StoryParts, type Told, turnStory, waveStory } from './story-parts.ts'

/** Pure. */
export function clusterStories({ waves }: Pick<CampaignInput, 'waves'>, parts: StoryParts): Told {
  return {
    waves: waves.map(({ name }) => waveStory(name, parts.steps)),
    clusters: waves.flatMap(({ name, clusters }) =>
      clusters.map(cluster => ({ cluster, wave: name, ...clusterStory(cluster, name, parts) })),
    ),
  }
}

function clusterStory(cluster: ClusterName, wave: string, parts: StoryParts): Omit<ClusterStory, 'cluster' | 'wave'> {
  const titled = (title: string) => parts.steps.find(step => step.title === title)
  const report = answerOf<ClusterReport>(titled(`upgrade ${cluster}`))
  if (report === undefined) return turnStory(cluster, parts)
  const { cluster: _cluster, result, operationId, phases = [], ...told } = report
  const wentBack = titled(`take ${cluster} back`)
  const said = answerOf<string>(wentBack)
  const watch = parts.steps.find(({ phase }) => phase === `${wave}: watch`)
  const why = answerOf<Readonly<Record<ClusterName, string>>>(watch)?.[cluster]
  return {
    ...told,
    phases,
    state: wentBack === undefined ? result : 'back',
    ...(operationId === null ? {} : { operationId }),
    ...(said === undefined ? {} : { because: [...(why === undefined ? [] : [why]), said].join('; ') }),
  }
}
