import type { FsyncProbe } from '../../shared/domain/facts.ts'
import type { PlanStep } from '../../shared/domain/plan.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Allocations, ClusterAllocation, Snapshot, SnapshotNode } from '../../shared/domain/snapshot.ts'
import { DATA_ROOT } from './node-view.ts'
import { warning } from './problems.ts'

/** etcd's own advice on hardware: the 99th percentile of a WAL fsync below 10 ms, or leaders are lost under load. */
const ETCD_P99_MICROS = 10_000

/** Measures each node of the fleet that has no figure for its data directory yet. */
export function probeSteps(allocations: Allocations, snapshot: Snapshot): readonly PlanStep[] {
  const used = new Set([
    ...(allocations.etcd?.members ?? []).map(({ nodeId }) => nodeId),
    ...Object.values(allocations.clusters).flatMap(({ members }) => members.map(({ nodeId }) => nodeId)),
  ])
  return snapshot.nodes
    .filter(({ id, state }) => used.has(id) && (state === 'ready' || state === 'draining'))
    .filter(({ facts }) => facts !== undefined && facts.fsync?.path !== DATA_ROOT)
    .map(({ id }) => ({ kind: 'probe-disk', nodeId: id, directory: DATA_ROOT }))
}

/** The slowest believable median among the nodes; absent when none has been measured. */
export function slowestFsync(nodes: readonly SnapshotNode[]): ClusterAllocation['fsync'] {
  const measured = nodes.flatMap(({ name, facts }) =>
    facts?.fsync === undefined || facts.fsync.suspicious !== undefined
      ? []
      : [{ node: name, p50Micros: facts.fsync.p50Micros }],
  )
  return measured.toSorted((left, right) => right.p50Micros - left.p50Micros)[0]
}

/** Why etcd will not be happy on this disk; undefined when it will. */
export function tooSlowForEtcd({ p99Micros, path }: FsyncProbe): string | undefined {
  if (p99Micros <= ETCD_P99_MICROS) return undefined
  return `one fsync in a hundred below ${path} takes ${(p99Micros / 1000).toFixed(1)} ms or longer; etcd wants less than ${ETCD_P99_MICROS / 1000} ms`
}

export function checkVoterDisks(allocations: Allocations, snapshot: Snapshot): readonly Problem[] {
  return (allocations.etcd?.members ?? []).flatMap(({ name, nodeId }) => {
    const node = snapshot.nodes.find(({ id }) => id === nodeId)
    const why = node?.facts?.fsync === undefined ? undefined : tooSlowForEtcd(node.facts.fsync)
    if (node === undefined || why === undefined) return []
    return [
      warning({
        code: 'slow-fsync',
        message: `the disk of ${node.name} is slow for voter ${name}: ${why}`,
        hint: 'Give it a faster disk, or move load away from it; until then expect lost leaders under load.',
      }),
    ]
  })
}
