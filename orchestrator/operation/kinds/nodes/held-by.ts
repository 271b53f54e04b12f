import type { InstanceName, NodeId } from '../../../../shared/domain/ids.ts'
import type { Allocations } from '../../../../shared/domain/snapshot.ts'

/** What a node holds. */
export interface Holdings {
  readonly members: readonly InstanceName[]
  readonly voter?: string
  /** Data that wait for the end of their tombstone. */
  readonly departed: readonly InstanceName[]
}

export function heldBy(nodeId: NodeId, { clusters, etcd, departed = [] }: Allocations): Holdings {
  const here = <Item extends { readonly nodeId: NodeId }>(items: readonly Item[]): readonly Item[] =>
    items.filter(item => item.nodeId === nodeId)
  const voter = here([...(etcd?.members ?? []), ...(etcd?.leaving ?? [])])[0]?.name
  return {
    members: Object.values(clusters).flatMap(({ members }) => here(members).map(({ instance }) => instance)),
    ...(voter === undefined ? {} : { voter }),
    departed: here(departed).map(({ instance }) => instance),
  }
}
