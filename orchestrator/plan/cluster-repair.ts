import type { ClusterDrift, ClusterRepair } from '../../shared/domain/cluster-drift.ts'
import type { Change, PlanPhase } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec } from '../../shared/domain/spec.ts'
import type { ClusterWork, WorkInput } from './cluster-work.ts'
import { clusterPlace, warning } from './problems.ts'

/** What of a running cluster is to be put back; undefined when it is as it was applied, or nobody knows. */
export function repairOf(cluster: ClusterSpec, { clusterDrift }: Snapshot): ClusterRepair | undefined {
  const repair = clusterDrift?.[cluster.name]?.repair
  if (repair === undefined) return undefined
  const { configuration, servers, provision } = repair
  return configuration !== undefined || servers.length > 0 || provision ? repair : undefined
}

/** Members write PostgreSQL's files anew: before settings are compared, since what ALTER SYSTEM has set would win over them. */
export function restorePhases(clusters: readonly ClusterWork[]): readonly PlanPhase[] {
  const steps = clusters.flatMap(({ cluster, repair }) =>
    (repair?.servers ?? []).map(member => ({ kind: 'restore-files', cluster: cluster.name, ...member }) as const),
  )
  return [{ name: 'write files of PostgreSQL anew', steps }]
}

/** What an apply puts back; a setting of the cluster that it changes anyway is told once, as that. */
export function repairChanges(work: ClusterWork, { snapshot }: WorkInput): readonly Change[] {
  const changed = new Set(
    work.settings.flatMap(({ name, instance }) => (instance === undefined ? [`postgresql.parameters.${name}`] : [])),
  )
  return driftOf(work, snapshot)
    .filter(({ repair, kind, name }) => repair.by === 'apply' && !(kind === 'configuration' && changed.has(name)))
    .map(({ kind, name, instance, expected, found }) => ({
      verb: 'update',
      subject: kind === 'object' ? name : `${WORDS[kind] ?? kind} ${name}`,
      reason: 'drifted',
      detail: `${instance ?? work.cluster.name}: ${found} → ${expected}`,
    }))
}

const WORDS: Readonly<Record<string, string>> = { hba: 'rule', configuration: "Patroni's" }

/** What it leaves, with the command that does something about it. */
export function checkDrift(work: ClusterWork, { spec, snapshot }: WorkInput): readonly Problem[] {
  const { cluster } = work
  return driftOf(work, snapshot).flatMap(({ kind, name, instance, expected, found, repair }) => {
    if (repair.by === 'apply') return []
    const where = instance === undefined ? `cluster ${cluster.name}` : instance
    return [
      warning({
        code: 'drift-left',
        message: `${kind} ${name} of ${where} is ${found} instead of ${expected}, and apply leaves it so`,
        hint: repair.command,
        ...clusterPlace(spec, cluster),
      }),
    ]
  })
}

function driftOf({ cluster, state, asleep, waking }: ClusterWork, { clusterDrift }: Snapshot): ClusterDrift['items'] {
  return state === 'running' && !asleep && !waking ? (clusterDrift?.[cluster.name]?.items ?? []) : []
}
