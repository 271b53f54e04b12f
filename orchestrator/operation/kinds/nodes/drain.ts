import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { hostRisks, requestRisks } from '../../guard.ts'
import { type Patience, patience } from '../relocate/patience.ts'
import { type Move, prepareRelocation, type RelocationInput, relocate } from '../relocate/relocation.ts'
import { onRequest } from '../requested-kind.ts'
import { readApplied } from '../whole-clusters/applied.ts'
import { findNode } from './find-node.ts'
import { heldBy } from './held-by.ts'

export interface DrainInput extends RelocationInput {
  readonly node: string
  readonly voter?: string
}

export interface DrainOutput {
  readonly node: string
  readonly moves: readonly Move[]
  /** The voter of etcd that left. */
  readonly voter?: string
}

/** `drover node drain`: nothing new comes to the node, and everything on it moves away. */
export const drain = onRequest<{ readonly node: string } & Patience, DrainInput, DrainOutput>({
  kind: {
    kind: 'drain',
    async run(input, op) {
      const { node, moves, voter } = input
      return { ...(await relocate(input, op)), output: { node, moves, ...(voter === undefined ? {} : { voter }) } }
    },
  },
  request: z.strictObject({ node: z.string(), ...patience }),
  async prepare({ node: name, waitClientsSeconds }, desk) {
    const applied = await readApplied(desk.fleet)
    const node = findNode(name, applied.snapshot)
    if (node.state === 'silent')
      throw new DroverError(
        'conflict',
        `node ${node.name} is silent: what runs there can be neither moved nor stopped`,
        {
          retryable: false,
          hint: `bring it back; or, when it will never come back: drover node remove ${node.name} --dead ${node.name}`,
        },
      )
    const { members, voter } = heldBy(node.id, applied.allocations)
    const waitClientsMs = waitClientsSeconds * 1000
    const prepared = await prepareRelocation({ ...applied, instances: members, drained: node.id, waitClientsMs }, desk)
    return {
      ...prepared,
      subject: node.name,
      // Of a node with nothing but a voter too: it has no cluster.
      risks: [
        ...requestRisks('drain', prepared.clusters),
        ...(voter === undefined ? [] : hostRisks(node.id, ['etcd-change'])),
      ],
      input: { ...prepared.input, node: node.name, ...(voter === undefined ? {} : { voter }) },
    }
  },
})
