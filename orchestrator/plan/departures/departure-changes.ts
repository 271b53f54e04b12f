import type { Change } from '../../../shared/domain/plan.ts'
import type { DepartedMember } from '../../../shared/domain/snapshot.ts'
import type { WorkInput } from '../cluster-work.ts'

const DAY_MS = 24 * 3_600_000

/** What leaves, is erased, comes back, stops or starts, in the words of the spec. */
export function departureChanges({ snapshot, allocations, erase }: WorkInput): readonly Change[] {
  const before = snapshot.allocations
  const known = new Set((before.departed ?? []).map(({ instance }) => instance))
  const nodeOf = (nodeId: string): string => snapshot.nodes.find(({ id }) => id === nodeId)?.name ?? nodeId
  const leaving = (allocations.departed ?? []).filter(({ stopped }) => stopped === undefined)
  const removed = Object.entries(allocations.removed ?? {}).filter(([name]) => before.removed?.[name] === undefined)
  const erased = (before.departed ?? []).filter(({ instance }) => erase?.instances.includes(instance) === true)
  return [
    ...removed.map(
      ([name]): Change => ({
        verb: 'remove',
        subject: `cluster ${name}`,
        reason: 'not-in-spec',
        detail: `is stopped; ${keptFor(leaving.find(({ cluster }) => cluster === name))}`,
      }),
    ),
    ...Object.entries(allocations.clusters).flatMap(([name, { hibernated }]): readonly Change[] => {
      const was = before.clusters[name]?.hibernated
      if (hibernated === undefined) return []
      if (hibernated.starting === true) return [requested(name, was?.starting === true, 'is started')]
      return was === undefined ? [requested(name, false, 'is stopped, and stays so until it is started')] : []
    }),
    ...leaving.map(
      (member): Change => ({
        verb: 'remove',
        subject: `instance ${member.instance}`,
        reason: known.has(member.instance) ? 'unfinished' : 'not-in-spec',
        node: nodeOf(member.nodeId),
        detail: keptFor(member),
      }),
    ),
    ...erased.map(
      ({ instance, nodeId, dataDirectory }): Change => ({
        verb: 'remove',
        subject: `data of ${instance}`,
        reason: 'requested',
        node: nodeOf(nodeId),
        detail: dataDirectory,
      }),
    ),
  ]
}

function requested(cluster: string, unfinished: boolean, detail: string): Change {
  return { verb: 'update', subject: `cluster ${cluster}`, reason: unfinished ? 'unfinished' : 'requested', detail }
}

function keptFor(member: DepartedMember | undefined): string {
  return `its data are kept for ${daysPhrase(member?.keepMs ?? 0)}`
}

/** `7 days`, `2.5 hours`. */
export function daysPhrase(milliseconds: number): string {
  const days = milliseconds / DAY_MS
  return days >= 1 ? `${Math.round(days * 10) / 10} days` : `${Math.round(days * 24 * 10) / 10} hours`
}
