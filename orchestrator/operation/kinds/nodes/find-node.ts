import { DroverError } from '../../../../shared/domain/errors.ts'
import type { Snapshot, SnapshotNode } from '../../../../shared/domain/snapshot.ts'

/** By name or id; one that waits for approval is no node of the fleet yet. Throws `not-found`. */
export function findNode(nameOrId: string, { nodes }: Pick<Snapshot, 'nodes'>): SnapshotNode {
  const members = nodes.filter(({ state }) => state !== 'pending')
  const node = members.find(({ id }) => id === nameOrId) ?? members.find(({ name }) => name === nameOrId)
  if (node !== undefined) return node
  throw new DroverError('not-found', `no node is called ${JSON.stringify(nameOrId)}`, { hint: 'drover node list' })
}
