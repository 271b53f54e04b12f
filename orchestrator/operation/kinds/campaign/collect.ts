import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { RuntimeId } from '../../../../shared/domain/runtime.ts'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import { forgetStaged } from '../../../inventory/fleet-runtimes.ts'
import { withoutRuntime } from '../../../plan/runtime-manifest.ts'
import { runtimeOf } from '../../../plan/runtime-packages.ts'
import type { ProgramStep } from '../../program.ts'
import { changeManifest } from '../../steps/change-manifest.ts'
import { asResult, type Tried } from './as-result.ts'

/** Nodes that have a runtime from which none of their instances runs: in a large fleet they are few. */
export function findUnused(nodes: readonly NodeId[]): ProgramStep<readonly NodeId[]> {
  return {
    title: 'find what nothing runs from',
    async act(context) {
      const snapshot = await context.fleet.snapshot({})
      const found = nodes.filter(nodeId => unusedRuntimes(nodeId, snapshot).length > 0)
      return { result: found, detail: `on ${found.length} of ${nodes.length} nodes` }
    },
  }
}

/** Removes the runtimes of a node from which none of its instances runs. Never fails the upgrade: the next one tries again. */
export function collectRuntimes(nodeId: NodeId): ProgramStep<Tried<null>> {
  return asResult({
    title: 'collect what nothing runs from',
    nodeId,
    async act(context) {
      const snapshot = await context.fleet.snapshot({})
      const unused = unusedRuntimes(nodeId, snapshot)
      if (unused.length === 0) return { result: null, detail: 'nothing' }
      await changeManifest(nodeId, manifest => unused.reduce(withoutRuntime, manifest), context)
      return {
        result: null,
        detail: unused.join(', '),
        alongside: unused.map(runtime => forgetStaged(nodeId, runtime)),
      }
    },
  })
}

/** Pure. */
export function unusedRuntimes(nodeId: NodeId, snapshot: Snapshot): readonly RuntimeId[] {
  const { runtimes, allocations } = snapshot
  const used = new Set(
    Object.entries(allocations.clusters).flatMap(([cluster, { members }]) =>
      members
        .filter(member => member.nodeId === nodeId)
        .flatMap(member => runtimeOf(member, cluster, snapshot)?.id ?? []),
    ),
  )
  const lying = snapshot.nodes.find(({ id }) => id === nodeId)?.manifest?.runtimes?.map(({ id }) => id) ?? []
  return [...new Set([...lying, ...(runtimes?.staged[nodeId] ?? [])])].filter(id => !used.has(id))
}
