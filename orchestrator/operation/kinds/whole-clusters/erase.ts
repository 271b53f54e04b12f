import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { objectPhrase, parseObjectReference, showObjectReference } from '../../../../shared/domain/object-reference.ts'
import type { DepartedMember, RetiredObject } from '../../../../shared/domain/snapshot.ts'
import { type Applied, readApplied, refuseUnconfirmed, refuseWithoutBackup } from './applied.ts'
import { type PlannedWork, plannedKind } from './planned-kind.ts'

export interface EraseOutput {
  readonly erased: readonly string[]
}

/** Data whose tombstone is over; the orchestrator asks for it by itself. */
export const erase = plannedKind({
  kind: 'erase',
  request: z.strictObject({ instances: z.array(z.string()), objects: z.array(z.string()).optional() }),
  async ask({ instances, objects = [] }, { fleet, clock }) {
    const applied = await readApplied(fleet)
    const members = tombstonesOf(applied).filter(({ instance }) => instances.includes(instance))
    const early = members.find(({ stopped }) => stopped === undefined || stopped.eraseAfter > clock.now())
    const retired = retiredOf(applied).filter(object => objects.includes(showObjectReference(object)))
    if (members.length + retired.length === 0)
      throw new DroverError('not-found', `there are no data of ${[...instances, ...objects].join(', ')}`)
    if (early !== undefined)
      throw new DroverError('conflict', `the tombstone of ${early.instance} is not over`, { retryable: false })
    for (const object of retired) refuseUnlessHidden(object)
    const soon = retired.find(({ hidden }) => (hidden?.dropAfter ?? 0) > clock.now())
    if (soon !== undefined)
      throw new DroverError('conflict', `the tombstone of ${objectPhrase(soon)} is not over`, { retryable: false })
    return work({ applied, members, retired, early: false })
  },
})

/**
 * `drover cluster purge`: a removed cluster, one member that left, or what was taken out of a cluster by name, without waiting for its
 * tombstone to be over.
 */
export const purge = plannedKind({
  kind: 'purge',
  request: z.strictObject({
    name: z.string(),
    confirm: z.string().optional(),
    withoutBackup: z.boolean().optional(),
  }),
  async ask({ name, confirm, withoutBackup = false }, { fleet }) {
    const applied = await readApplied(fleet)
    if (parseObjectReference(name) !== undefined) return purgeObject({ applied, name, confirm, withoutBackup })
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
    return work({ applied, members, retired: [], early: true })
  },
})

function purgeObject({
  applied,
  name,
  confirm,
  withoutBackup,
}: {
  readonly applied: Applied
  readonly name: string
  readonly confirm: string | undefined
  readonly withoutBackup: boolean
}): PlannedWork<EraseOutput> {
  const object = retiredOf(applied).find(each => showObjectReference(each) === name)
  if (object === undefined)
    throw new DroverError('not-found', `${name} was not removed, or is gone already`, {
      hint: `take it out of the spec, and: drover apply --remove ${name}`,
    })
  refuseUnlessHidden(object)
  refuseUnconfirmed(name, confirm, `dropping ${objectPhrase(object)} for ever`)
  if (object.kind !== 'user') refuseWithoutBackup(name, withoutBackup)
  return work({ applied, members: [], retired: [object], early: true })
}

function refuseUnlessHidden(object: RetiredObject): void {
  const { cluster, hidden, returning } = object
  if (hidden !== undefined && returning !== true) return
  const way = returning === true ? 'on its way back: the spec declares it' : 'still on its way out'
  throw new DroverError('conflict', `${objectPhrase(object)} of ${cluster} is ${way}`, {
    retryable: false,
    hint: 'drover operation list',
  })
}

function retiredOf({ allocations }: Applied): readonly RetiredObject[] {
  return (allocations.retired ?? []).filter(({ dropped }) => dropped !== true)
}

function tombstonesOf({ allocations }: Applied): readonly DepartedMember[] {
  return allocations.departed ?? []
}

function work({
  applied: { spec },
  members,
  retired,
  early,
}: {
  readonly applied: Applied
  readonly members: readonly DepartedMember[]
  readonly retired: readonly RetiredObject[]
  readonly early: boolean
}): PlannedWork<EraseOutput> {
  const instances = members.map(({ instance }) => instance)
  const objects = retired.map(showObjectReference)
  return {
    clusters: [...new Set([...members, ...retired].map(({ cluster }) => cluster))],
    subject: [...instances, ...objects].join(', '),
    spec,
    intent: { erase: { instances, ...(objects.length === 0 ? {} : { objects }), early } },
    output: { erased: [...instances, ...objects] },
  }
}

function nothingToPurge(name: string, { allocations }: Applied): DroverError {
  const lives = allocations.clusters[name] !== undefined
  return new DroverError('not-found', lives ? `cluster ${name} was not removed` : `nothing of ${name} is left`, {
    hint: lives ? `drover cluster remove ${name}` : 'drover cluster list',
  })
}
