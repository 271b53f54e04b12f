import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../../../shared/domain/snapshot.ts'
import { testingInput } from '../../../plan/render/testing-input.ts'
import { heardSnapshot } from './heard-snapshot.ts'

const { snapshot } = testingInput()
const members = [{ instance: 'pg-main-1', number: 1, nodeId: 'node-1' }]
const cluster = { portBlock: 0, postgresVersion: 17, nextNumber: 2, members, bootstrapped: true }

/** As the first look after the orchestrator was started has it, and with the node heard. A node without members says nothing at all. */
function fleet(isHeard: boolean): Snapshot {
  const node = { state: 'ready', address: '', labels: {} } as const
  const observation = { observedAt: 0, instances: [] }
  return {
    ...snapshot,
    allocations: { etcd: null, clusters: { 'pg-main': cluster } },
    nodes: [
      { ...node, id: 'node-1', name: 'node-1', ...(isHeard ? { observation } : {}) },
      { ...node, id: 'node-2', name: 'node-2' },
    ],
  }
}

describe('a fleet that is looked at just after its orchestrator was started', () => {
  it('is looked at again until every node with a member was heard', async () => {
    let heard = false
    const seen = await heardSnapshot({
      snapshot: async () => fleet(heard),
      observed: async () => void (heard = true),
    })
    expect(seen.nodes[0]?.observation).toBeDefined()
  })

  it('is not waited for when somebody gives up', async () => {
    const stop = new AbortController()
    const looking = heardSnapshot(
      { snapshot: async () => fleet(false), observed: async () => stop.abort(new Error('enough')) },
      stop.signal,
    )
    await expect(looking).rejects.toThrow('enough')
  })
})
