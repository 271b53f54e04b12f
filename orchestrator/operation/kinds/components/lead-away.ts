import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { Program } from '../../program.ts'
import { quietly } from '../../quietly.ts'
import { findScene, type Scene } from '../restart/scene.ts'
import { switchover } from '../switchover/switchover.ts'
import type { ClusterOnNode } from './turn.ts'

/**
 * Primaries on the node hand over, each to a standby elsewhere that may lead. Answers how long clients waited at most, milliseconds; nothing
 * when none had to.
 */
export async function leadAway(
  clusters: readonly ClusterOnNode[],
  nodeId: NodeId,
  op: Program,
): Promise<number | undefined> {
  const stalls: number[] = []
  for (const { name, isSynchronous } of clusters) {
    const scene = await op.step(findScene(name))
    if (scene.leader.nodeId !== nodeId || scene.followsAnother || !hasSuccessor(scene, isSynchronous)) continue
    const { output } = await switchover.run({ cluster: name, awaitSynchronous: isSynchronous }, quietly(op))
    stalls.push(output.stallMs)
  }
  return stalls.length === 0 ? undefined : Math.max(...stalls)
}

function hasSuccessor({ standbys }: Scene, isSynchronous: boolean): boolean {
  return standbys.some(standby => (isSynchronous ? standby.isSynchronous : standby.mayLead))
}
