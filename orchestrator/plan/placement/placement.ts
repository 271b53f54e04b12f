import type { PlacementExplanation } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Allocations, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import { allocate } from './allocate.ts'
import { arrange } from './arrange.ts'
import { placeEtcd } from './etcd-placement.ts'
import { checkExisting } from './existing-members.ts'
import { explainPlacement } from './explain-placement.ts'
import { sceneOf } from './scene.ts'
import { shortageProblem } from './shortage.ts'

export interface Placement {
  readonly allocations: Allocations
  readonly explanations: readonly PlacementExplanation[]
  readonly problems: readonly Problem[]
}

/**
 * Which node runs what. Members that exist stay; all that are missing are placed together. Hard rules are never broken: what
 * cannot be placed without is a problem. The first member of a new cluster becomes its first primary.
 */
export function place(spec: FleetSpec, snapshot: Snapshot): Placement {
  const etcd = placeEtcd(spec, snapshot)
  const scene = sceneOf({ spec, snapshot, allocations: snapshot.allocations })
  const broken = checkExisting(spec, scene)
  const shortages = arrange(scene)
  const allocated = allocate({ spec, scene, before: snapshot.allocations.clusters })
  return {
    allocations: { ...snapshot.allocations, etcd: etcd.etcd, clusters: allocated.clusters },
    explanations: [...etcd.explanations, ...explainPlacement(scene, allocated.members)],
    problems: [
      ...etcd.problems,
      ...broken,
      ...shortages.map(shortage => shortageProblem(shortage, spec, snapshot.nodes.length)),
      ...allocated.problems,
    ],
  }
}
