import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { DepartedMember } from '../../../../shared/domain/snapshot.ts'
import { type Applied, readApplied, refuseUnconfirmed, refuseWithoutBackup } from './applied.ts'
import { type PlannedWork, plannedKind } from './planned-kind.ts'

export interface EraseOutput {
  readonly erased: readonly string[]
}

/** Data whose tombstone is over; the orchestrator asks for it by itself. */
export const erase = plannedKind({
  kind: 'erase',
  request: z.strictObject({ instances: z.array(z.string()).min(1) }),
  async ask({ instances }, { fleet, clock }) {
    const applied = await readApplied(fleet)
    const members = tombstonesOf(applied).filter(({ instance }) => instances.includes(instance))
    const early = members.find(({ stopped }) => stopped === undefined || stopped.eraseAfter > clock.now())
    if (members.length === 0) throw new DroverError('not-found', `there are no data of ${instances.join(', ')}`)
    if (early !== undefined)
      throw new DroverError('conflict', `the tombstone of ${early.instance} is not over`, { retryable: false })
    return work(applied, members, false)
  },
})

/** `drover cluster purge`: a removed cluster, or one member that left, without waiting for its tombstone to be over. */
export const purge = plannedKind({
  kind: 'purge',
  request: z.strictObject({
    name: z.string(),
    confirm: z.string().optional(),
    withoutBackup: z.boolean().optional(),
  }),
  async ask({ name, confirm, withoutBackup = false }, { fleet }) {
    const applied = await readApplied(fleet)
    const removed = applied.allocations.removed?.[name]
    const members = tombstonesOf(applied).filter(({ instance, cluster }) =>
      removed === undefined ? instance === name : cluster === name,
    )
    if (members.length === 0) throw nothingToPurge(name, applied)
    const leaving = members.find(({ stopped }) => stopped === undefined)
    if (leaving !== undefined)
      throw new DroverError('conflict', `${leaving.instance} is still on its way out`, {
        retryable: false,
        hint: 'drover operation list',
      })
    refuseUnconfirmed(name, confirm, `erasing the data of ${name} for ever`)
    // What is left of a cluster that goes on holds nothing that the others do not have.
    if (removed !== undefined) refuseWithoutBackup(name, withoutBackup)
    return work(applied, members, true)
  },
})

function tombstonesOf({ allocations }: Applied): readonly DepartedMember[] {
  return allocations.departed ?? []
}

function work({ spec }: Applied, members: readonly DepartedMember[], early: boolean): PlannedWork<EraseOutput> {
  const instances = members.map(({ instance }) => instance)
  return {
    clusters: [...new Set(members.map(({ cluster }) => cluster))],
    subject: instances.join(', '),
    spec,
    intent: { erase: { instances, early } },
    output: { erased: instances },
  }
}

function nothingToPurge(name: string, { allocations }: Applied): DroverError {
  const lives = allocations.clusters[name] !== undefined
  return new DroverError('not-found', lives ? `cluster ${name} was not removed` : `nothing of ${name} is left`, {
    hint: lives ? `drover cluster remove ${name}` : 'drover cluster list',
  })
}
