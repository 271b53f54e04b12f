import type { AwaitClientsStep, PlanPhase } from '../../../shared/domain/plan.ts'
import { poolerSocket } from '../../../shared/domain/pooler-socket.ts'
import type { WorkInput } from '../cluster-work.ts'
import type { ManifestWalk } from '../manifest-walk.ts'
import type { NodeWork } from '../node-work.ts'

/**
 * Clients of poolers that are about to stop get time to leave, where that was asked for. It comes when nothing depends on the leavers
 * any more, and before the other hosts forget them: until then HAProxy everywhere sends new clients elsewhere by Patroni's word alone,
 * and needs no reload, which would end the sessions that it has after a quarter of an hour.
 */
export function clientWaitPhases({
  input: { leaving, waitClientsMs },
  nodes,
  walk,
}: {
  readonly input: WorkInput
  readonly nodes: readonly NodeWork[]
  readonly walk: ManifestWalk
}): readonly PlanPhase[] {
  if (waitClientsMs === undefined || leaving.members.length === 0) return []
  const leavers = new Set(leaving.members.map(({ instance }) => instance))
  const holding = nodes.filter(({ node }) => leaving.members.some(({ nodeId }) => nodeId === node.id))
  const poolers = holding.flatMap(({ node }) =>
    (node.manifest?.watches.instances ?? [])
      .filter(({ instance }) => leavers.has(instance))
      .flatMap(({ instance, poolers: watched }) =>
        watched.flatMap(({ name, port }): AwaitClientsStep['poolers'] =>
          // The way from a pooler to the primary is watched beside them.
          name === 'rw' || name === 'ro'
            ? [{ nodeId: node.id, target: { instance, socketDirectory: poolerSocket(name, instance), port } }]
            : [],
        ),
      ),
  )
  return [
    // Members that confirm nothing are not withdrawn otherwise.
    {
      name: 'send new clients elsewhere',
      steps: holding.flatMap(work => walk.to(work, work.withdrawn(leavers))),
    },
    {
      name: 'wait for clients to leave',
      steps: poolers.length === 0 ? [] : [{ kind: 'await-clients', poolers, timeoutMs: waitClientsMs }],
    },
  ]
}
