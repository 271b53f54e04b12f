import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import type { Audit } from '../observe/audit-log.ts'
import type { Compare, Mutation } from '../store/store.ts'
import { putEnrolment } from './enrolment/enrolment-record.ts'
import { takeOver } from './enrolment/enrolment-service.ts'
import { checkedLabels } from './labels.ts'
import type { NodeRecord } from './node-record.ts'
import { claimName, deleteNode, type NodeRegistry, putNode, type StoredNode, unchanged } from './node-registry.ts'

export interface NodeAdminDeps {
  readonly registry: NodeRegistry
  readonly audit: Audit
  /** The identity of this node has moved to another host: its session must end. */
  readonly superseded: (id: NodeId) => void
}

export interface LabelChange {
  readonly set: Readonly<Record<string, string>>
  readonly unset: readonly string[]
}

/** What operators do to nodes. */
export class NodeAdmin {
  readonly #deps: NodeAdminDeps

  constructor(deps: NodeAdminDeps) {
    this.#deps = deps
  }

  /**
   * Lets a pending host in: as a node of its own, or as the next generation of the node it takes over. Its agent gets
   * the certificate when it asks again. Throws `not-found`, `conflict` when it waits for nothing.
   */
  async approve(nameOrId: string, actor: string): Promise<NodeRecord> {
    while (true) {
      const pending = await this.#findPending(nameOrId)
      const approved =
        pending.record.takesOver === undefined
          ? await this.#approveAsNew(pending, actor)
          : await this.#approveTakeOver(pending, pending.record.takesOver, actor)
      if (approved !== null) return approved
    }
  }

  /** Throws `invalid`, `not-found`. */
  async label(nameOrId: string, change: LabelChange, actor: string): Promise<NodeRecord> {
    checkedLabels(change.set)
    while (true) {
      const stored = await this.#deps.registry.find(nameOrId)
      const labels: Record<string, string> = { ...stored.record.labels, ...change.set }
      for (const key of change.unset) delete labels[key]
      const record = { ...stored.record, labels }
      const set = Object.entries(change.set).map(([key, value]) => `${key}=${value}`)
      const { succeeded } = await this.#deps.audit.commit({
        compare: [unchanged(stored)],
        success: [putNode(record)],
        records: [
          {
            type: 'node:labelled',
            actor,
            subject: record.name,
            detail: [...set, ...change.unset.map(key => `-${key}`)].join(' '),
          },
        ],
      })
      if (succeeded) return record
    }
  }

  async #approveAsNew(pending: StoredNode, actor: string): Promise<NodeRecord | null> {
    const { pendingReason: _reason, ...waiting } = pending.record
    const record: NodeRecord = { ...waiting, name: await this.#freeName(waiting.name), state: 'ready' }
    const { compare, mutation } = claimName(record)
    return this.#commit({
      record,
      compare: [unchanged(pending), compare],
      success: [putNode(record), mutation],
      actor,
      detail: `${record.id} as a new node`,
    })
  }

  async #approveTakeOver(pending: StoredNode, targetId: NodeId, actor: string): Promise<NodeRecord | null> {
    const target = await this.#deps.registry.get(targetId)
    if (target === null || target.record.state === 'removed') {
      throw new DroverError('conflict', 'the node that it looks like has been removed', {
        hint: 'enrol the host again with a new token',
      })
    }
    const record = takeOver(target.record, pending.record)
    const approved = await this.#commit({
      record,
      compare: [unchanged(pending), unchanged(target)],
      success: [
        putNode(record),
        deleteNode(pending.record.id),
        putEnrolment(pending.record.tokenId, pending.record.csrHash, { nodeId: record.id }),
      ],
      actor,
      detail: `${record.id} goes on as generation ${record.generation} with another identity key`,
    })
    if (approved !== null) this.#deps.superseded(record.id)
    return approved
  }

  async #commit(change: {
    readonly record: NodeRecord
    readonly compare: readonly Compare[]
    readonly success: readonly Mutation[]
    readonly actor: string
    readonly detail: string
  }): Promise<NodeRecord | null> {
    const { record, compare, success, actor, detail } = change
    const records = [{ type: 'node:approved', actor, subject: record.name, detail }]
    const { succeeded } = await this.#deps.audit.commit({ compare, success, records })
    return succeeded ? record : null
  }

  async #findPending(nameOrId: string): Promise<StoredNode> {
    const nodes = await this.#deps.registry.listStored()
    const matching = nodes.filter(({ record }) => record.id === nameOrId || record.name === nameOrId)
    const pending = matching.filter(({ record }) => record.state === 'pending')
    const [found] = pending
    if (found !== undefined && pending.length === 1) return found
    if (found !== undefined) {
      const ids = pending.map(({ record }) => record.id).join(', ')
      throw new DroverError('conflict', `${pending.length} hosts called ${nameOrId} wait: ${ids}`, {
        hint: 'approve one by its id',
      })
    }
    if (matching.length > 0) throw new DroverError('conflict', `node ${nameOrId} does not wait for approval`)
    throw new DroverError('not-found', `no node is called ${JSON.stringify(nameOrId)}`, { hint: 'drover node list' })
  }

  async #freeName(name: string): Promise<string> {
    for (let number = 1; ; number += 1) {
      const candidate = number === 1 ? name : `${name}-${number}`
      if ((await this.#deps.registry.holderOf(candidate)) === null) return candidate
    }
  }
}
