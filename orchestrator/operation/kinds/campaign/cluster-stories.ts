import type { ClusterReport } from '../../../../shared/domain/campaign.ts'
import type { ClusterStory } from '../../../../shared/domain/campaign-story.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { CampaignInput } from './campaign.ts'
import { answerOf, type StoryParts, type Told, turnStory, waveStory, wayBack } from './story-parts.ts'

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
  const report = answerOf<ClusterReport>(parts.titled.get(`upgrade ${cluster}`))
  if (report === undefined) return turnStory(cluster, parts)
  const { cluster: _cluster, result, operationId, phases = [], ...told } = report
  const back = wayBack({ name: cluster, what: cluster, wave }, parts)
  return {
    ...told,
    phases,
    state: back === undefined ? result : 'back',
    ...(operationId === null ? {} : { operationId }),
    ...back,
  }
}
