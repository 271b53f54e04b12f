import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import type { Allocations, SnapshotNode } from '../../../../shared/domain/snapshot.ts'
import { hostRisks, requestRisks } from '../../guard.ts'
import { FLEET_LOCK } from '../../journal.ts'
import type { ProgramStep } from '../../program.ts'
import { type Move, prepareRelocation, type RelocationInput, relocate } from '../relocate/relocation.ts'
import { onRequest } from '../requested-kind.ts'
import { readApplied } from '../whole-clusters/applied.ts'
import { findNode } from './find-node.ts'
import { type Holdings, heldBy } from './held-by.ts'

export interface RemoveNodeInput {
  readonly node: string
  readonly nodeId: NodeId
  /** Of a dead host that held something. */
  readonly relocation?: RelocationInput
}

export interface RemoveNodeOutput {
  readonly node: string
  readonly moves: readonly Move[]
}

interface RemoveNodeRequest {
  readonly node: string
  readonly dead?: string | undefined
}

/**
 * `drover node remove`: an empty node, or with its name once more a host that will never come back. From the first moment its
 * certificate is void and nothing of the fleet counts on it; then its members and its voter are replaced.
 */
export const removeNode = onRequest<RemoveNodeRequest, RemoveNodeInput, RemoveNodeOutput>({
  kind: {
    kind: 'remove-node',
    async run({ node, nodeId, relocation }, op) {
      const replaced = relocation === undefined ? {} : await relocate(relocation, op)
      op.phase('forget')
      await op.step(forget(node, nodeId))
      return { ...replaced, output: { node, moves: relocation?.moves ?? [] } }
    },
  },
  request: z.strictObject({ node: z.string(), dead: z.string().optional() }),
  async prepare({ node: name, dead }, desk) {
    const snapshot = await desk.fleet.snapshot({})
    const node = findNode(name, snapshot)
    const holdings = heldBy(node.id, snapshot.allocations)
    const removed = await desk.fleet.putNodeState(node.id, 'removed')
    const about = { subject: node.name, clusters: [], locks: [FLEET_LOCK] }
    const input = { node: node.name, nodeId: node.id }
    if (dead === undefined) {
      refuseUnlessEmpty(node, holdings)
      return { ...about, input, decisions: removed }
    }
    refuseUnlessDead(node, dead)
    if (holdings.members.length === 0 && holdings.voter === undefined) return { ...about, input, decisions: removed }
    const applied = await readApplied(desk.fleet)
    const relocation = await prepareRelocation({ ...applied, instances: holdings.members, gone: node.id }, desk)
    return {
      ...about,
      clusters: relocation.clusters,
      locks: relocation.locks,
      risks: [
        ...requestRisks('remove-node', relocation.clusters),
        ...(holdings.voter === undefined ? [] : hostRisks(node.id, ['etcd-change'])),
      ],
      input: { ...input, relocation: relocation.input },
      decisions: [...(relocation.decisions ?? []), ...removed],
    }
  },
})

function refuseUnlessEmpty(node: SnapshotNode, { members, voter, departed }: Holdings): void {
  const held = [...members, ...(voter === undefined ? [] : [`voter ${voter}`])]
  if (held.length > 0)
    throw new DroverError('conflict', `node ${node.name} holds ${held.join(', ')}`, {
      retryable: false,
      hint:
        node.state === 'silent'
          ? `when it will never come back: drover node remove ${node.name} --dead ${node.name}`
          : `drover node drain ${node.name}`,
    })
  if (departed.length > 0 && node.state !== 'silent')
    throw new DroverError('conflict', `the data of ${departed.join(', ')} still lie on node ${node.name}`, {
      retryable: false,
      hint: `wait until their time is over, or erase them: ${departed.map(each => `drover cluster purge ${each} --confirm ${each}`).join('; ')}`,
    })
}

/** S3: a host that still talks may still take writes; it is drained instead. */
function refuseUnlessDead(node: SnapshotNode, dead: string): void {
  if (dead !== node.name && dead !== node.id)
    throw new DroverError(
      'invalid',
      `${JSON.stringify(dead)} is not ${node.name}: the name of the dead host has to be repeated`,
    )
  if (node.state !== 'silent')
    throw new DroverError('conflict', `node ${node.name} is ${node.state}, not dead: its agent talks`, {
      retryable: false,
      hint: `drover node drain ${node.name}`,
    })
}

/** What lies on it is out of reach for ever. */
function forget(node: string, nodeId: NodeId): ProgramStep<null> {
  return {
    title: `forget ${node}`,
    async act({ fleet }) {
      const { allocations } = await fleet.snapshot({})
      fleet.disconnect(nodeId)
      const { departed = [] } = allocations
      const lost = departed.filter(each => each.nodeId === nodeId)
      const left: Allocations = { ...allocations, departed: departed.filter(each => each.nodeId !== nodeId) }
      return {
        result: null,
        detail: lost.length === 0 ? 'done' : `with the data of ${lost.map(({ instance }) => instance).join(', ')}`,
        alongside: [
          ...(await fleet.putNodeState(nodeId, 'removed')),
          ...(lost.length === 0 ? [] : [fleet.putAllocations(left)]),
        ],
      }
    },
  }
}
