import { DroverError } from '../../../../shared/domain/errors.ts'
import type { ClusterName } from '../../../../shared/domain/ids.ts'
import type { Allocations, ClusterAllocation, Snapshot } from '../../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../../shared/domain/spec.ts'
import type { FleetAccess } from '../../dependencies.ts'

export interface Applied {
  readonly spec: FleetSpec
  readonly allocations: Allocations
  readonly snapshot: Snapshot
}

/** What was applied last. Throws `not-found` when nothing ever was. */
export async function readApplied(fleet: Pick<FleetAccess, 'snapshot'>): Promise<Applied> {
  const snapshot = await fleet.snapshot({})
  if (snapshot.appliedSpec === undefined)
    throw new DroverError('not-found', 'nothing was ever applied to this fleet', { hint: 'drover apply -f FILE' })
  return { spec: snapshot.appliedSpec, allocations: snapshot.allocations, snapshot }
}

/** Throws `not-found`. */
export function clusterOf({ allocations }: Applied, cluster: ClusterName): ClusterAllocation {
  const allocation = allocations.clusters[cluster]
  if (allocation !== undefined) return allocation
  const removed = allocations.removed?.[cluster] !== undefined
  throw new DroverError('not-found', removed ? `cluster ${cluster} was removed` : `there is no cluster ${cluster}`, {
    hint: removed ? `drover cluster undo-remove ${cluster}` : 'drover cluster list',
  })
}

/** S5: whoever takes away or deletes types the name. Throws `invalid`. */
export function refuseUnconfirmed(name: string, confirm: string | undefined, what: string): void {
  if (confirm === name) return
  throw new DroverError('invalid', `${what} needs its name once more`, { hint: `add --confirm ${name}` })
}

/** S5: this version takes no backups, so that none can be recent. Throws `conflict`. */
export function refuseWithoutBackup(name: string, withoutBackup: boolean): void {
  if (withoutBackup) return
  throw new DroverError('conflict', `no backup of ${name} is known: this version of Drover takes none`, {
    retryable: false,
    hint: 'make one yourself (pg_dump, pg_basebackup), or go without: add --without-backup',
  })
}
