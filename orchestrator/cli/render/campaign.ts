import type { CampaignPlan, ClusterReport } from '../../../shared/domain/campaign.ts'
import { table } from './table.ts'
import { duration } from './units.ts'

/** So many are told by name. */
const NAMED = 3

/** Waves first, then the clusters with what was found. */
export function renderCampaignPlan({ waves, clusters }: CampaignPlan): string {
  const waveOf = new Map(waves.flatMap(({ name, clusters: names }) => names.map(cluster => [cluster, name] as const)))
  const order = waves.flatMap(wave => wave.clusters)
  const sorted = clusters.toSorted((left, right) => order.indexOf(left.cluster) - order.indexOf(right.cluster))
  const rows = sorted.map(({ cluster, from, to, refused }) => [
    waveOf.get(cluster) ?? '-',
    cluster,
    from.join(', ') || '-',
    to ?? '-',
    refused ? 'refused' : 'ready',
  ])
  const found = sorted.flatMap(({ cluster, checks }) =>
    checks
      .filter(({ grade }) => grade !== 'fine')
      .map(({ what, grade, detail }) => ({ cluster, grade, told: `${what}: ${detail}` })),
  )
  // What holds for many clusters is told once; what is in the way comes first.
  const notes = [...Map.groupBy(found, ({ grade, told }) => `${grade} ${told}`).values()]
    .flatMap(same => (same[0] === undefined ? [] : [{ ...same[0], clusters: same.map(({ cluster }) => cluster) }]))
    .toSorted((left, right) => Number(right.grade === 'refuse') - Number(left.grade === 'refuse'))
    .map(({ grade, told, clusters: names }) => [
      grade,
      names.length > NAMED ? `${names.length} clusters` : names.join(', '),
      told,
    ])
  const clients = sorted.flatMap(({ cluster, clients: all = [] }) =>
    all.map(({ instance, count, user, database, application, address }) => [
      cluster,
      instance,
      String(count),
      user,
      database || '(replication)',
      address,
      application,
    ]),
  )
  const further = [
    ...(notes.length === 0 ? [] : [table(['GRADE', 'CLUSTER', 'WHAT'], notes)]),
    ...(clients.length === 0
      ? []
      : [
          `Connected past the poolers, to be disconnected once:\n${table(['CLUSTER', 'MEMBER', 'COUNT', 'USER', 'DATABASE', 'FROM', 'APPLICATION'], clients)}`,
        ]),
  ]
  return [table(['WAVE', 'CLUSTER', 'RUNS', 'TO', 'STATE'], rows), ...further].join('\n')
}

/** One line a cluster, as they ended. */
export function renderReports(reports: readonly ClusterReport[]): string {
  const rows = reports.map(({ cluster, result, serverVersion, stallMs, readStallMs, begunAt, endedAt, because }) => [
    cluster,
    result,
    serverVersion ?? '-',
    stallMs === undefined ? '-' : `${stallMs} ms`,
    readStallMs === undefined ? '-' : `${readStallMs} ms`,
    begunAt === undefined || endedAt === undefined ? '-' : duration(endedAt - begunAt),
    because ?? '',
  ])
  return table(['CLUSTER', 'RESULT', 'VERSION', 'WRITERS WAITED', 'READERS WAITED', 'TOOK', ''], rows)
}
