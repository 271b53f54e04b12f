import type { ClusterReport } from '../../../../shared/domain/campaign.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { CampaignInput } from './campaign.ts'
import {
  answerOf,
  type StoryOfOne,
  type StoryParts,
  type Told,
  turnStory,
  waveStory,
  withWayBack,
} from './story-parts.ts'

/** Pure. */
export function clusterStories({ waves }: Pick<CampaignInput, 'waves'>, parts: StoryParts): Told {
  return {
    waves: waves.map(({ name }) => waveStory(name, parts.steps)),
    clusters: waves.flatMap(({ name, clusters }) =>
      clusters.map(cluster => ({ cluster, wave: name, ...clusterStory(cluster, name, parts) })),
    ),
  }
}

function clusterStory(cluster: ClusterName, wave: string, parts: StoryParts): StoryOfOne {
  const report = answerOf<ClusterReport>(parts.titled.get(`upgrade ${cluster}`))
  if (report === undefined) return turnStory(cluster, parts)
  const { cluster: _cluster, result, operationId, phases = [], ...told } = report
  const story = { ...told, phases, state: result, ...(operationId === null ? {} : { operationId }) }
  return withWayBack(story, { name: cluster, what: cluster, wave }, parts)
}
