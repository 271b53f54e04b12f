import type { ClusterName, InstanceName } from '../../../../shared/domain/ids.ts'
import type { Durability } from '../../../../shared/domain/spec.ts'
import type { OperationKind } from '../../program.ts'
import * as steps from './steps.ts'
import { findSubject } from './subject.ts'

export interface ReinitInput {
  readonly cluster: ClusterName
  readonly instance: InstanceName
  /** Given by name: its data may go although the member is well. */
  readonly confirmed: boolean
  readonly durability: Durability
  /** Members of the cluster that are no mere readers. */
  readonly mayConfirm: readonly InstanceName[]
}

export interface ReinitOutput {
  readonly instance: InstanceName
  /** From the word to Patroni until it streams again. */
  readonly tookMs: number
}

/**
 * Throws the data of one standby away and clones it anew (docs/operations.md). The member is gone for that time: where it
 * confirmed commits, another standby does so before anything else happens. Patroni repeats a copy that breaks off.
 */
export const reinit: OperationKind<ReinitInput, ReinitOutput> = {
  kind: 'reinit',
  async run(input, op) {
    op.phase('look')
    const subject = await op.step(findSubject(input))

    op.phase('reinitialise')
    const { at } = await op.step(steps.reinitialise(subject))
    if (subject.confirms) await op.step(steps.awaitOtherConfirmer(subject))

    op.phase('clone')
    const { until } = await op.step(steps.awaitClone(subject))
    return { output: { instance: input.instance, tookMs: until - at } }
  },
}
