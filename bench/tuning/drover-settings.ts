import { requiredPackages } from '../../orchestrator/plan/packages.ts'
import { place } from '../../orchestrator/plan/placement/placement.ts'
import { tune } from '../../orchestrator/plan/tuning/tuning.ts'
import { parseSpec } from '../../orchestrator/spec/parse-spec.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { Snapshot, SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../shared/domain/spec.ts'
import type { Settings } from './machine.ts'

/** One member, nothing said of tuning: what a user gets who says nothing. */
const SPEC = `
version: 1
fleet: { name: bench }
etcd: { members: 1 }
clusters:
  - { name: pg, members: 1, workload: oltp, durability: async }
`

/** What Drover's planner sets for a cluster alone on this node. Throws with the planner's problems when it refuses. */
export function droverSettings(node: SnapshotNode): Settings {
  const parsed = parseSpec(SPEC, 'bench.yml')
  if (!('spec' in parsed)) throw refusal(parsed)
  const { spec } = parsed
  const snapshot = snapshotOf(node, spec)
  const { allocations, problems } = place(spec, snapshot)
  const [cluster] = spec.clusters
  const allocation = allocations.clusters['pg']
  if (cluster === undefined || allocation === undefined) throw refusal(problems)
  const tuning = tune({ spec, snapshot, allocations, cluster, allocation })
  const errors = tuning.problems.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw refusal(errors)
  return { ...tuning.shared, ...tuning.byInstance[allocation.members[0]?.instance ?? ''] }
}

function snapshotOf(node: SnapshotNode, spec: FleetSpec): Snapshot {
  const os = node.os ?? ''
  return {
    revision: 1,
    now: 0,
    fleet: { id: 'bench', name: 'bench' },
    nodes: [node],
    allocations: { etcd: null, clusters: {} },
    // Placing asks whether the packages can be had; nothing here depends on their versions.
    packages: { [os]: Object.fromEntries(requiredPackages(spec, os).map(name => [name, '1'])) },
    repository: { urls: {}, suite: '', key: '' },
  }
}

function refusal(problems: readonly Problem[]): Error {
  return new Error(`the planner refuses: ${problems.map(({ message }) => message).join('; ')}`)
}
