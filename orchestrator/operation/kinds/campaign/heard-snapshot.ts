import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import type { FleetAccess } from '../../dependencies.ts'

/** Agents are back within seconds after an orchestrator was restarted; one that is not is silent. */
const HEARD_WITHIN_MS = 15_000

/**
 * The fleet once every node with a member has been heard since this orchestrator was started: what was never heard must not pass for
 * silent, nor a cluster for one without a primary. After 15 s it is what is known then.
 */
export async function heardSnapshot(
  fleet: Pick<FleetAccess, 'snapshot' | 'observed'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Snapshot> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(HEARD_WITHIN_MS)])
  for (;;) {
    const snapshot = await fleet.snapshot({})
    if (deadline.aborted || isHeard(snapshot)) return snapshot
    await fleet.observed(deadline)
    signal.throwIfAborted()
  }
}

function isHeard({ nodes, allocations }: Snapshot): boolean {
  const holders = new Set(
    Object.values(allocations.clusters).flatMap(({ members }) => members.map(({ nodeId }) => nodeId)),
  )
  return nodes.every(({ id, observation }) => observation !== undefined || !holders.has(id))
}
