import { DroverError } from '../../shared/domain/errors.ts'
import type { InstanceName } from '../../shared/domain/ids.ts'
import { showObjectReference } from '../../shared/domain/object-reference.ts'
import type { Allocations, SnapshotNode } from '../../shared/domain/snapshot.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { Operations } from './operations.ts'

const LOOK_EVERY_MS = 60_000
/** What was refused, by a host's policy for one, is asked for again this much later. */
const AGAIN_AFTER_MS = 6 * 3_600_000

export interface Tombstones {
  readonly allocations: Pick<Allocations, 'departed' | 'retired' | 'clusters'>
  readonly nodes: readonly Pick<SnapshotNode, 'id' | 'state'>[]
}

/** Starts the erasing of data whose tombstone is over, on hosts that are there. Every look is one question; ends when aborted. */
export async function runReaper(
  parts: {
    readonly tombstones: () => Promise<Tombstones>
    readonly operations: Pick<Operations, 'begin'>
    readonly clock: Clock
    readonly log: Log
  },
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, operations } = parts
  const asked = new Map<string, number>()
  while (!signal.aborted) {
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined)
    if (signal.aborted) return
    try {
      await reap()
    } catch (error) {
      const { code, message } = DroverError.from(error)
      if (code !== 'locked') log.warn('data that are due were not erased', { reason: message })
    }
  }

  async function reap(): Promise<void> {
    const now = clock.now()
    const isTurn = (name: string): boolean => now - (asked.get(name) ?? Number.NEGATIVE_INFINITY) >= AGAIN_AFTER_MS
    const tombstones = await parts.tombstones()
    const instances = dueInstances(tombstones, now).filter(isTurn)
    const objects = dueObjects(tombstones, now).filter(isTurn)
    if (instances.length + objects.length === 0) return
    const request = { instances, ...(objects.length === 0 ? {} : { objects }) }
    const operationId = await operations.begin({ kind: 'erase', request, actor: 'drover' })
    for (const name of [...instances, ...objects]) asked.set(name, now)
    log.info('erasing data whose tombstone is over', { operationId, ...request })
  }
}

/** Pure. */
export function dueInstances({ allocations, nodes }: Tombstones, now: number): readonly InstanceName[] {
  const there = new Set(nodes.flatMap(({ id, state }) => (state === 'ready' || state === 'draining' ? [id] : [])))
  const known = new Set(nodes.map(({ id }) => id))
  return (allocations.departed ?? []).flatMap(({ instance, nodeId, stopped }) =>
    stopped !== undefined && stopped.eraseAfter <= now && (there.has(nodeId) || !known.has(nodeId)) ? [instance] : [],
  )
}

/**
 * What was taken out of a cluster that runs; not what is on its way back, and not what goes with the database that it is in. In the
 * order of the tombstones. Pure.
 */
export function dueObjects({ allocations }: Tombstones, now: number): readonly string[] {
  const { clusters, retired = [] } = allocations
  const homes = new Set(
    retired.flatMap(({ kind, cluster, name, dropped }) =>
      kind === 'database' && dropped !== true ? [`${cluster}/${name}`] : [],
    ),
  )
  return retired
    .filter(
      ({ hidden, returning, dropped }) =>
        returning !== true && dropped !== true && (hidden?.dropAfter ?? now + 1) <= now,
    )
    .filter(({ cluster }) => clusters[cluster] !== undefined && clusters[cluster].hibernated === undefined)
    .filter(({ cluster, database }) => database === undefined || !homes.has(`${cluster}/${database}`))
    .map(showObjectReference)
}
