import type { InstanceRole } from '../../shared/domain/observation.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'

/** The same fleet, with these members seen as something else. */
export function seenAs(snapshot: Snapshot, roles: Readonly<Record<string, InstanceRole>>): Snapshot {
  return {
    ...snapshot,
    nodes: snapshot.nodes.map(node => ({
      ...node,
      observation: {
        observedAt: 0,
        ...node.observation,
        instances: (node.observation?.instances ?? []).map(each => ({
          ...each,
          role: roles[each.instance] ?? each.role,
        })),
      },
    })),
  }
}
