import type { Component } from '../../../../shared/domain/component.ts'
import type { ClusterName, NodeId } from '../../../../shared/domain/ids.ts'
import type { EtcdDoor } from '../../../../shared/domain/plan.ts'
import type { Member } from '../../members/member.ts'
import type { Program } from '../../program.ts'
import { installed, type PackageChange } from './install.ts'

/** One component of one host, and what it takes to go about it. */
export interface RenewInput {
  readonly nodeId: NodeId
  readonly node: string
  readonly component: Component
  readonly packages: readonly PackageChange[]
  readonly units: readonly string[]
  /** With a member on the node. */
  readonly clusters: readonly ClusterOnNode[]
  readonly voters: readonly EtcdDoor[]
  /** How long clients of a pooler get to leave by themselves, milliseconds. */
  readonly drainMs: number
  /** Back to what the host had: it is not well with what it has, and there is no further way back. */
  readonly isBack: boolean
}

export interface ClusterOnNode {
  readonly name: ClusterName
  readonly members: readonly Member[]
  readonly isSynchronous: boolean
}

/** What a turn came to; `failed`: the component is not well with the new version. */
export interface TurnEnd {
  readonly failed?: string
  readonly stallMs?: number
  readonly disconnected?: number
}

/** Goes about the units of one component while its files are those of the version that was asked for. */
export type ComponentTurnOf = (input: RenewInput, op: Program) => Promise<TurnEnd>

/**
 * Installs, and lets the component run from it; when it is not well, installs what was there and lets it run from that. Answers with what
 * was wrong. Failures before anything runs from the new files are thrown, and the engine takes the files back.
 */
export async function orBack(
  input: RenewInput,
  work: (round: 'forward' | 'back') => Promise<TurnEnd>,
  op: Program,
): Promise<TurnEnd> {
  await op.step(installed(input, 'forward'))
  const end = await work('forward')
  if (end.failed === undefined || input.isBack) return end
  await op.step(installed(input, 'back'))
  const { failed: still } = await work('back')
  const back =
    still === undefined ? 'it runs again what it ran before' : `and it is not well with that either: ${still}`
  return { ...end, failed: `${end.failed}; ${back}` }
}
