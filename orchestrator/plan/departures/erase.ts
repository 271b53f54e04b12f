import type { PlanPhase, PlanStep } from '../../../shared/domain/plan.ts'
import type { Allocations, DepartedMember, Snapshot } from '../../../shared/domain/snapshot.ts'
import type { WorkInput } from '../cluster-work.ts'

/**
 * Data whose tombstone is over, or that somebody asked by name to be gone. The agent checks for itself that nothing of it
 * runs and that its time has come. Of a cluster of which nothing is left, what Patroni keeps in etcd goes, too.
 */
export function erasePhases(input: WorkInput): readonly PlanPhase[] {
  const { erase, snapshot } = input
  if (erase === undefined) return []
  const gone = (snapshot.allocations.departed ?? []).filter(({ instance }) => erase.instances.includes(instance))
  const voter = snapshot.allocations.etcd?.members.find(({ nodeId }) => isReady(nodeId, snapshot))
  const scopes = emptied(snapshot.allocations, gone)
  return [
    { name: 'erase data', steps: gone.flatMap(member => eraseStep(member, erase.early, snapshot)) },
    {
      name: 'forget clusters',
      steps:
        voter === undefined
          ? []
          : scopes.map((cluster): PlanStep => ({ kind: 'forget-scope', nodeId: voter.nodeId, cluster })),
    },
    {
      name: 'end tombstones',
      steps: gone.length === 0 ? [] : [{ kind: 'mark-erased', instances: gone.map(({ instance }) => instance) }],
    },
  ]
}

/** Allocations once these members are erased. */
export function withoutErased(allocations: Allocations, instances: readonly string[]): Allocations {
  const { departed = [], removed = {}, ...rest } = allocations
  const left = departed.filter(({ instance }) => !instances.includes(instance))
  const gone = new Set(
    emptied(
      allocations,
      departed.filter(({ instance }) => instances.includes(instance)),
    ),
  )
  const clusters = Object.entries(removed).filter(([name]) => !gone.has(name))
  return {
    ...rest,
    ...(left.length === 0 ? {} : { departed: left }),
    ...(clusters.length === 0 ? {} : { removed: Object.fromEntries(clusters) }),
  }
}

/** Removed clusters that have no data left once these are gone. */
export function emptied(
  { departed = [], removed = {} }: Allocations,
  gone: readonly DepartedMember[],
): readonly string[] {
  const names = new Set(gone.map(({ instance }) => instance))
  return Object.keys(removed)
    .filter(
      name =>
        gone.some(({ cluster }) => cluster === name) &&
        departed.every(({ cluster, instance }) => cluster !== name || names.has(instance)),
    )
    .sort()
}

/** What was on a node that was removed has gone with it. */
function eraseStep(
  { instance, nodeId, dataDirectory, stopped }: DepartedMember,
  early: boolean,
  snapshot: Snapshot,
): readonly PlanStep[] {
  if (!snapshot.nodes.some(({ id }) => id === nodeId)) return []
  const args = { instance, dataDirectory, notBefore: stopped?.eraseAfter ?? snapshot.now, early }
  return [{ kind: 'erase-instance', nodeId, args }]
}

function isReady(nodeId: string, { nodes }: Snapshot): boolean {
  return nodes.some(({ id, state }) => id === nodeId && (state === 'ready' || state === 'draining'))
}
