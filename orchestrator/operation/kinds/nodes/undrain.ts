import { z } from 'zod'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { NodeId } from '../../../../shared/domain/ids.ts'
import { FLEET_LOCK } from '../../journal.ts'
import { onRequest } from '../requested-kind.ts'
import { findNode } from './find-node.ts'

interface UndrainInput {
  readonly node: string
  readonly nodeId: NodeId
}

/** `drover node undrain`: new members may come to the node again. What left it stays where it is. */
export const undrain = onRequest<{ readonly node: string }, UndrainInput, { readonly node: string }>({
  kind: {
    kind: 'undrain',
    async run({ node, nodeId }, op) {
      op.phase('undrain')
      await op.step({
        title: `open ${node} for new members`,
        async act({ fleet }) {
          return { result: null, detail: 'ready', alongside: await fleet.putNodeState(nodeId, 'ready') }
        },
      })
      return { output: { node } }
    },
  },
  request: z.strictObject({ node: z.string() }),
  async prepare({ node: name }, { fleet }) {
    const snapshot = await fleet.snapshot({})
    const node = findNode(name, snapshot)
    if (node.state === 'ready')
      throw new DroverError('conflict', `node ${node.name} is not drained`, { retryable: false })
    return { subject: node.name, clusters: [], locks: [FLEET_LOCK], input: { node: node.name, nodeId: node.id } }
  },
})
