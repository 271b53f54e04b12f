import type { CampaignPolicy, ClusterReport, Wave } from '../../../../shared/domain/campaign.ts'
import type { Program } from '../../program.ts'
import { watchClusters } from '../upgrade/watch-clusters.ts'

export interface Broken {
  readonly report: ClusterReport
  readonly because: string
}

/** Watches the clusters that a wave has upgraded. Answers with those that are not well; the first one ends the watch. */
export async function soak(
  given: { readonly wave: Wave; readonly reports: readonly ClusterReport[]; readonly policy: CampaignPolicy },
  op: Program,
): Promise<readonly Broken[]> {
  const upgraded = given.reports.filter(({ result }) => result === 'upgraded')
  if (upgraded.length === 0) return []
  op.phase(`${given.wave.name}: watch`)
  const found = await op.step(watchClusters(upgraded, given.policy.soakMs))
  return upgraded.flatMap(report => {
    const because = found[report.cluster]
    return because === undefined ? [] : [{ report, because }]
  })
}
