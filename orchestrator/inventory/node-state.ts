import type { Mutation } from '../store/store.ts'
import type { NodeRecord } from './node-record.ts'
import { putNode, releaseName } from './node-registry.ts'

/**
 * A removed node keeps its record, so that it is known and refused, but not its name; its next generation voids every command and
 * certificate it ever had. Repeated, it changes nothing more.
 */
export function putNodeState(record: NodeRecord, state: 'ready' | 'draining' | 'removed'): readonly Mutation[] {
  if (state !== 'removed') return [putNode({ ...record, state })]
  if (record.state === 'removed') return []
  return [putNode({ ...record, state, generation: record.generation + 1 }), releaseName(record.name)]
}
