import type { Upgrade } from '../../proto/gen/drover/v1/Upgrade.ts'
import type { UpgradeActivity } from '../../proto/gen/drover/v1/UpgradeActivity.ts'
import type { UpgradeCluster } from '../../proto/gen/drover/v1/UpgradeCluster.ts'
import type { UpgradeWave } from '../../proto/gen/drover/v1/UpgradeWave.ts'
import type { ActivityWindow } from '../../shared/domain/activity.ts'
import type { CampaignStory, ClusterStory, WaveStory } from '../../shared/domain/campaign-story.ts'
import { encodeFailure } from './encode-operation.ts'

export function encodeUpgrade(story: CampaignStory): Upgrade {
  const { operationId, of, state, subject, createdAt, endedAt, now, waves, clusters, failure } = story
  return {
    operationId,
    of,
    state,
    subject,
    createdAtMs: createdAt,
    ...(endedAt === undefined ? {} : { endedAtMs: endedAt }),
    nowMs: now,
    waves: waves.map(encodeWave),
    clusters: clusters.map(encodeCluster),
    ...(failure === undefined ? {} : { failure: encodeFailure(failure) }),
  }
}

function encodeWave({ name, begunAt, watchedAt, endedAt }: WaveStory): UpgradeWave {
  return {
    name,
    ...(begunAt === undefined ? {} : { begunAtMs: begunAt }),
    ...(watchedAt === undefined ? {} : { watchedAtMs: watchedAt }),
    ...(endedAt === undefined ? {} : { endedAtMs: endedAt }),
  }
}

function encodeCluster(story: ClusterStory): UpgradeCluster {
  const { cluster, wave, state, operationId, begunAt, endedAt, serverVersion, stallMs, readStallMs, because } = story
  const { activity, activityBefore, component, version, awayMs, disconnected } = story
  return {
    name: cluster,
    wave,
    state,
    operationId: operationId ?? '',
    ...(begunAt === undefined ? {} : { begunAtMs: begunAt }),
    ...(endedAt === undefined ? {} : { endedAtMs: endedAt }),
    serverVersion: serverVersion ?? '',
    ...(stallMs === undefined ? {} : { stallMs }),
    ...(readStallMs === undefined ? {} : { readStallMs }),
    because: because ?? '',
    phases: story.phases.map(phase => ({
      kind: phase.kind,
      name: phase.name,
      begunAtMs: phase.begunAt,
      ...(phase.endedAt === undefined ? {} : { endedAtMs: phase.endedAt }),
    })),
    component: component ?? '',
    version: version ?? serverVersion ?? '',
    ...(awayMs === undefined ? {} : { awayMs }),
    ...(disconnected === undefined ? {} : { disconnected }),
    ...(activity === undefined ? {} : { activity: encodeActivity(activity) }),
    ...(activityBefore === undefined ? {} : { activityBefore: encodeActivity(activityBefore) }),
  }
}

function encodeActivity({ ms, server, poolers, log }: ActivityWindow): UpgradeActivity {
  return { tookMs: ms, ...server, ...poolers, ...log }
}
