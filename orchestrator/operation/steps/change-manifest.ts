import { DroverError } from '../../../shared/domain/errors.ts'
import type { NodeId } from '../../../shared/domain/ids.ts'
import type { Manifest } from '../../../shared/domain/manifest.ts'
import type { FleetAccess } from '../dependencies.ts'
import { convergeNode } from './converge-node.ts'
import type { StepContext, StepResult } from './step-context.ts'

/** By fleet and node, the last of those who wait for their turn. */
const turns = new WeakMap<FleetAccess, Map<NodeId, Promise<unknown>>>()

/**
 * Converges a node to what it has with one change. Clusters share nodes, and operations on different clusters run side by side: on one
 * node they take turns, each from what the one before has left.
 */
export async function changeManifest(
  nodeId: NodeId,
  change: (manifest: Manifest) => Manifest,
  context: StepContext,
): Promise<StepResult> {
  return inTurn(context.fleet, nodeId, async () => {
    context.signal.throwIfAborted()
    const manifest = await context.fleet.manifest(nodeId)
    if (manifest === null) throw new DroverError('conflict', `nothing was applied to node ${nodeId} yet`)
    return convergeNode({ kind: 'converge', nodeId, manifest: change(manifest), final: false }, context)
  })
}

async function inTurn<T>(fleet: FleetAccess, nodeId: NodeId, work: () => Promise<T>): Promise<T> {
  const byNode = turns.get(fleet) ?? new Map<NodeId, Promise<unknown>>()
  turns.set(fleet, byNode)
  const before = byNode.get(nodeId) ?? Promise.resolve()
  const mine = before.then(work, work)
  const settled = mine.catch(() => undefined)
  byNode.set(nodeId, settled)
  try {
    return await mine
  } finally {
    if (byNode.get(nodeId) === settled) byNode.delete(nodeId)
  }
}
