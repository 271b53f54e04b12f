import { type TuneResult, tune } from '../../orchestrator/plan/tuning/tuning.ts'
import { appliedSettings } from '../../shared/domain/applied-settings.ts'
import type { Allocations, Snapshot } from '../../shared/domain/snapshot.ts'
import type { ClusterSpec, FleetSpec } from '../../shared/domain/spec.ts'

export interface TunedSketch {
  /** PostgreSQL's major version; 17 unless the test is about it. */
  readonly major?: number
  /** What a probe had measured when the clusters were made. */
  readonly fsyncMicros?: number
  /** Names of clusters that are running already; those not listed are being made. */
  readonly running?: readonly string[]
}

/** Every cluster of the spec with its members on the first nodes of the snapshot, and what tuning makes of each. */
export function tuned(
  spec: FleetSpec,
  snapshot: Snapshot,
  sketch: TunedSketch = {},
): Readonly<Record<string, TuneResult>> {
  const allocations = allocated(spec, snapshot, sketch)
  const known = Object.entries(allocations.clusters).filter(([name]) => sketch.running?.includes(name) === true)
  const seen = { ...snapshot, allocations: { etcd: null, clusters: Object.fromEntries(known) } }
  return Object.fromEntries(
    spec.clusters.flatMap(cluster => {
      const allocation = allocations.clusters[cluster.name]
      return allocation === undefined
        ? []
        : [[cluster.name, tune({ spec, snapshot: seen, allocations, cluster, allocation })]]
    }),
  )
}

/** The snapshot once the spec has been applied with these results. */
export function appliedTo(
  snapshot: Snapshot,
  spec: FleetSpec,
  results: Readonly<Record<string, TuneResult>>,
): Snapshot {
  const settings = Object.values(results).flatMap(({ explanations }) => explanations)
  return { ...snapshot, appliedSpec: spec, appliedSettings: appliedSettings(settings) }
}

function allocated(spec: FleetSpec, { nodes }: Snapshot, { major = 17, fsyncMicros }: TunedSketch): Allocations {
  const membersOf = (cluster: ClusterSpec) => [
    ...Array.from({ length: cluster.members }, () => ({})),
    ...cluster.replicas.flatMap(({ name, members }) => Array.from({ length: members }, () => ({ group: name }))),
  ]
  const clusters = spec.clusters.map((cluster, block) => {
    const members = membersOf(cluster).flatMap((member, index) => {
      const node = nodes[index]
      const number = index + 1
      return node === undefined ? [] : [{ ...member, instance: `${cluster.name}-${number}`, number, nodeId: node.id }]
    })
    const allocation = {
      portBlock: block,
      postgresVersion: major,
      nextNumber: members.length + 1,
      members,
      bootstrapped: true,
      ...(fsyncMicros === undefined ? {} : { fsync: { p50Micros: fsyncMicros, node: nodes[0]?.name ?? '' } }),
    }
    return [cluster.name, allocation] as const
  })
  return { etcd: null, clusters: Object.fromEntries(clusters) }
}
