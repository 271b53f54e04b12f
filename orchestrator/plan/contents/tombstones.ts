import { showObjectReference } from '../../../shared/domain/object-reference.ts'
import type { Allocations, RetiredObject } from '../../../shared/domain/snapshot.ts'

export interface Blocked {
  readonly reference: string
  readonly because: string
}

/** They are out of reach: the time until they are dropped begins. Repeated, it finds it begun. */
export function withHidden(allocations: Allocations, references: readonly string[], now: number): Allocations {
  return changed(allocations, references, object =>
    object.hidden === undefined ? { ...object, hidden: { at: now, dropAfter: now + object.keepMs } } : object,
  )
}

/** They are what they were. */
export function withRestored(allocations: Allocations, references: readonly string[]): Allocations {
  return changed(allocations, references, () => undefined)
}

/** They are gone, with what was in them, but for those that something stood against. */
export function withDropped(
  allocations: Allocations,
  references: readonly string[],
  blocked: readonly Blocked[],
): Allocations {
  return changed(allocations, references, object => {
    const stuck = blocked.find(({ reference }) => reference === showObjectReference(object))
    if (stuck !== undefined) return { ...object, blocked: stuck.because }
    const { blocked: _blocked, ...rest } = object
    return { ...rest, dropped: true }
  })
}

/** The name of a database once what comes back is back: it may be kept under another one. */
export function presentName(cluster: string, database: string, retired: readonly RetiredObject[]): string {
  const hidden = retired.find(
    object =>
      object.kind === 'database' &&
      object.cluster === cluster &&
      object.name === database &&
      object.hidden !== undefined &&
      object.dropped !== true &&
      object.returning !== true,
  )
  return hidden?.hiddenAs ?? database
}

function changed(
  { retired = [], ...rest }: Allocations,
  references: readonly string[],
  change: (object: RetiredObject) => RetiredObject | undefined,
): Allocations {
  const left = retired.flatMap(object =>
    references.includes(showObjectReference(object)) ? (change(object) ?? []) : [object],
  )
  return { ...rest, ...(left.length === 0 ? {} : { retired: left }) }
}
