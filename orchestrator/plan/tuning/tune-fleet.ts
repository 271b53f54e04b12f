import type { ClusterName, InstanceName, NodeId } from '../../../shared/domain/ids.ts'
import type { KernelExplanation, SettingExplanation } from '../../../shared/domain/plan.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { Allocations, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import type { KernelSettings } from '../render/render-input.ts'
import { type KernelTenant, kernelFor } from './kernel.ts'
import type { SettingValues } from './tuned-setting.ts'
import { tune } from './tuning.ts'

/** The settings of every cluster, and of the kernel of every node that holds an instance. */
export interface FleetTuning {
  readonly shared: Readonly<Record<ClusterName, SettingValues>>
  readonly byInstance: Readonly<Record<InstanceName, SettingValues>>
  readonly explanations: readonly SettingExplanation[]
  readonly kernel: Readonly<Record<NodeId, KernelSettings>>
  readonly kernelExplanations: readonly KernelExplanation[]
  readonly problems: readonly Problem[]
}

export interface FleetInput {
  readonly spec: FleetSpec
  readonly snapshot: Snapshot
  readonly allocations: Allocations
}

export function tuneFleet(input: FleetInput): FleetTuning {
  const tunings = input.spec.clusters.flatMap(cluster => {
    const allocation = input.allocations.clusters[cluster.name]
    return allocation === undefined ? [] : [{ cluster, ...tune({ ...input, cluster, allocation }) }]
  })
  const shared = Object.fromEntries(tunings.map(({ cluster, shared }) => [cluster.name, shared]))
  const byInstance = Object.fromEntries(tunings.flatMap(({ byInstance }) => Object.entries(byInstance)))
  const kernels = input.snapshot.nodes.flatMap(node => {
    const tenants = tenantsOf(node.id, input, (cluster, instance) => ({ ...shared[cluster], ...byInstance[instance] }))
    return tenants.length === 0 ? [] : [{ nodeId: node.id, ...kernelFor(node, tenants) }]
  })
  return {
    shared,
    byInstance,
    explanations: tunings.flatMap(({ explanations }) => explanations),
    kernel: Object.fromEntries(kernels.map(({ nodeId, settings }) => [nodeId, settings])),
    kernelExplanations: kernels.flatMap(({ explanations }) => explanations),
    problems: tunings.flatMap(({ problems }) => problems),
  }
}

function tenantsOf(
  nodeId: NodeId,
  { spec, allocations }: FleetInput,
  settingsOf: (cluster: ClusterName, instance: InstanceName) => SettingValues,
): readonly KernelTenant[] {
  return spec.clusters.flatMap(cluster =>
    (allocations.clusters[cluster.name]?.members ?? [])
      .filter(member => member.nodeId === nodeId)
      .map(({ instance }) => ({ cluster, settings: settingsOf(cluster.name, instance) })),
  )
}
