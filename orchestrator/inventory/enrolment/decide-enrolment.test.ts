import { describe, expect, it } from 'vitest'
import type { NodeEvidence, NodeRecord } from '../node-record.ts'
import { decideEnrolment } from './decide-enrolment.ts'
import type { TokenRecord } from './token-store.ts'

const evidence: NodeEvidence = { hostname: 'node-1', machineId: 'm1', productUuid: 'p1', macs: ['aa'], addresses: [] }

describe('what becomes of a host that has proven its token', () => {
  it('is a new node when nothing looks like it', () => {
    expect(decide({ nodes: [] })).toEqual({ kind: 'new' })
    expect(
      decide({ nodes: [node({ name: 'node-2', evidence: { hostname: 'node-2', machineId: 'm2', macs: ['bb'] } })] }),
    ).toEqual({
      kind: 'new',
    })
  })

  it('is a new node beside clones that share the machine id or the product', () => {
    const clone = node({ name: 'node-2', evidence: { hostname: 'node-2', macs: ['bb'] } })
    expect(decide({ nodes: [clone] })).toEqual({ kind: 'new' })
  })

  it('waits when it looks like a node that is away', () => {
    expect(decide({ nodes: [node({})] })).toMatchObject({
      kind: 'pending',
      reason: expect.stringContaining('re-image of node-1'),
    })
    const renamed = node({ name: 'old-name', evidence: { hostname: 'old-name' } })
    expect(decide({ nodes: [renamed] })).toMatchObject({ kind: 'pending', target: { name: 'old-name' } })
  })

  it('is not a re-image of a node that is connected, but may not have its name', () => {
    const decision = decide({ nodes: [node({})], isConnected: () => true })
    expect(decision).toMatchObject({ kind: 'pending', reason: expect.stringContaining('already called node-1') })
    expect(decision).not.toHaveProperty('target')
  })

  it('waits when the token says so', () => {
    expect(decide({ nodes: [], token: { autoApprove: false } })).toMatchObject({ kind: 'pending' })
  })

  it('takes a node over with a replace token, at once or after approval', () => {
    const target = node({ id: 'target' })
    expect(decide({ nodes: [target], token: { replaces: 'target' } })).toMatchObject({ kind: 'take-over', target })
    expect(decide({ nodes: [target], token: { replaces: 'target', autoApprove: false } })).toMatchObject({
      kind: 'pending',
      target,
    })
    expect(decide({ nodes: [], token: { replaces: 'target' } })).toMatchObject({ kind: 'refused' })
  })

  it('forgets removed and pending nodes', () => {
    expect(decide({ nodes: [node({ state: 'removed' }), node({ state: 'pending' })] })).toEqual({ kind: 'new' })
  })
})

function decide(input: {
  readonly nodes: readonly NodeRecord[]
  readonly token?: Partial<TokenRecord>
  readonly isConnected?: () => boolean
}) {
  const token: TokenRecord = {
    id: 't',
    maxUses: 1,
    uses: 0,
    createdAt: 0,
    expiresAt: 1,
    labels: {},
    cidr: '',
    autoApprove: true,
    revoked: false,
    creator: 'test',
    ...input.token,
  }
  return decideEnrolment({
    token,
    name: 'node-1',
    evidence,
    nodes: input.nodes,
    isConnected: input.isConnected ?? (() => false),
  })
}

function node(
  changes: Partial<Omit<NodeRecord, 'evidence'>> & { readonly evidence?: Partial<NodeEvidence> },
): NodeRecord {
  return {
    id: 'n',
    name: 'node-1',
    generation: 1,
    identityKey: '',
    state: 'ready',
    labels: {},
    agentVersion: '',
    address: '',
    tokenId: '',
    csrHash: '',
    enrolledAt: 0,
    recoveries: [],
    ...changes,
    evidence: { ...evidence, ...changes.evidence },
  }
}
