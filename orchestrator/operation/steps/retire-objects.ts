import { objectPhrase, parseObjectReference, showObjectReference } from '../../../shared/domain/object-reference.ts'
import type { RetireStep } from '../../../shared/domain/plan.ts'
import type { RetireResult } from '../../../shared/domain/retire.ts'
import type { Allocations } from '../../../shared/domain/snapshot.ts'
import { type Blocked, withDropped, withHidden, withRestored } from '../../plan/contents/tombstones.ts'
import { onPrimary } from './on-primary.ts'
import type { StepContext, StepResult } from './step-context.ts'

const TIMEOUT_MS = 5 * 60_000

/** On whichever node holds the primary now; the tombstones follow in the transaction that ends the step. */
export async function retireObjects(step: RetireStep, context: StepContext): Promise<StepResult> {
  const { changes, blocked } = await carryOut(step, context)
  const { allocations } = await context.fleet.snapshot({})
  const stuck = blocked.map(
    ({ because, ...object }): Blocked => ({
      reference: showObjectReference({ ...object, cluster: step.cluster }),
      because,
    }),
  )
  const warnings = blocked.map(
    ({ because, ...object }) =>
      `warning: ${objectPhrase({ ...object, cluster: step.cluster })} is not dropped: ${because}`,
  )
  return {
    detail: [...changes, ...warnings].join('; ') || 'nothing to do inside PostgreSQL',
    alongside: [context.fleet.putAllocations(marked(step, allocations, stuck, context.clock.now()))],
  }
}

async function carryOut({ cluster, byInstance }: RetireStep, context: StepContext): Promise<RetireResult> {
  if (Object.values(byInstance).every(({ args }) => args.items.length === 0)) return { changes: [], blocked: [] }
  const call = { kind: 'postgres.retire', cluster, byInstance, timeoutMs: TIMEOUT_MS } as const
  return (await onPrimary(call, context)).result
}

function marked(
  { action, objects }: RetireStep,
  allocations: Allocations,
  blocked: readonly Blocked[],
  now: number,
): Allocations {
  if (action === 'hide') return withHidden(allocations, objects, now)
  return action === 'restore' ? withRestored(allocations, objects) : withDropped(allocations, objects, blocked)
}

/** What the step does, for a plan and a timeline. */
export function retireTitle({ action, cluster, objects }: RetireStep): string {
  const what = objects.flatMap(text => parseObjectReference(text) ?? []).map(objectPhrase)
  const verb = { hide: 'take away', restore: 'bring back', drop: 'drop' }[action]
  return `${verb} ${what.join(', ')} of ${cluster}`
}
