import type { NodeId } from '../../shared/domain/ids.ts'
import type { Look } from '../../shared/domain/look.ts'
import type { DriftReport, NodeObservation } from '../../shared/domain/observation.ts'
import type { NodeState } from '../../shared/domain/snapshot.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { decodeJson, encodeJson } from '../events/json.ts'
import type { Store } from '../store/store.ts'
import { Looks } from './looks.ts'
import type { RecordedState } from './node-record.ts'
import { Pulse } from './pulse.ts'

const PREFIX = 'live/'

/** What is known of a node from its session: lost at most `persistEveryMs` of it when the orchestrator is killed. */
export interface LiveNode {
  readonly connected: boolean
  /** Unix milliseconds, orchestrator clock. */
  readonly lastSeen?: number
  /** Agent clock minus orchestrator clock, milliseconds, as nearly as messages tell. */
  readonly clockOffsetMs?: number
  readonly observation?: ReceivedObservation
  /** The observation came in the session that is open now: one from before may be of another role, or of another life of the host. */
  readonly isCurrent?: boolean
  readonly bootId?: string
}

export interface ReceivedObservation {
  /** Unix milliseconds, orchestrator clock: agents' clocks may be off. */
  readonly receivedAt: number
  readonly content: NodeObservation
}

export interface LiveNodesOptions {
  readonly store: Store
  readonly clock: Pick<Clock, 'now'>
  /** A node that was not heard for this long is silent. */
  readonly silentAfterMs: number
  /** Default 30 s. */
  readonly persistEveryMs?: number
}

/**
 * Presence and observations: in memory, and written at a low rate so that a restarted orchestrator knows what it last
 * saw. Never part of a plan's base revision.
 */
export class LiveNodes {
  readonly changes = new Pulse()
  readonly looks: Looks
  readonly #options: Required<LiveNodesOptions>
  readonly #nodes = new Map<NodeId, LiveNode>()
  readonly #persistedAt = new Map<NodeId, number>()
  readonly #startedAt: number
  /** Connected when the last orchestrator ended: they get time to come back before they count as silent. */
  readonly #expected = new Set<NodeId>()

  private constructor(options: LiveNodesOptions) {
    this.#options = { persistEveryMs: 30_000, ...options }
    this.#startedAt = options.clock.now()
    this.looks = new Looks(() => options.clock.now())
  }

  static async load(options: LiveNodesOptions): Promise<LiveNodes> {
    const live = new LiveNodes(options)
    for (const entry of (await options.store.range(PREFIX)).entries) {
      const id = entry.key.slice(PREFIX.length)
      const node = decodeJson<LiveNode>(entry)
      if (node.connected) live.#expected.add(id)
      live.#nodes.set(id, { ...node, connected: false })
    }
    return live
  }

  ids(): readonly NodeId[] {
    return [...this.#nodes.keys()]
  }

  get(id: NodeId): LiveNode {
    return this.#nodes.get(id) ?? { connected: false }
  }

  /** The recorded state, or `silent` for a node that should talk and does not. */
  state(id: NodeId, recorded: RecordedState): NodeState {
    if (recorded !== 'ready' && recorded !== 'draining') return recorded
    const { lastSeen } = this.get(id)
    const heard = Math.max(lastSeen ?? 0, this.#expected.has(id) ? this.#startedAt : 0)
    return this.#options.clock.now() - heard > this.#options.silentAfterMs ? 'silent' : recorded
  }

  async connected(id: NodeId, details: { readonly clockOffsetMs: number; readonly bootId: string }): Promise<void> {
    this.looks.opened(id)
    const lastSeen = this.#options.clock.now()
    this.#set(id, { ...this.get(id), ...details, connected: true, isCurrent: false, lastSeen })
    await this.#persist(id)
  }

  async heard(id: NodeId, details: { readonly clockOffsetMs?: number } = {}): Promise<void> {
    const before = this.get(id)
    this.#nodes.set(id, { ...before, ...details, lastSeen: this.#options.clock.now() })
    await this.#persistIfDue(id)
  }

  async observed(id: NodeId, content: NodeObservation): Promise<void> {
    const observation = { receivedAt: this.#options.clock.now(), content }
    this.#set(id, { ...this.get(id), observation, isCurrent: true })
    await this.#persistIfDue(id)
  }

  looked(id: NodeId, look: Look): void {
    if (look.drift !== undefined) this.driftFound(id, look.drift)
    this.looks.took(id, look)
  }

  /** The node was asked and has answered; its own next observation says the same. */
  driftFound(id: NodeId, drift: DriftReport): void {
    const before = this.get(id)
    if (before.observation === undefined) return
    const { receivedAt, content } = before.observation
    this.#set(id, { ...before, observation: { receivedAt, content: { ...content, drift } } })
  }

  async disconnected(id: NodeId): Promise<void> {
    this.#expected.delete(id)
    this.#set(id, { ...this.get(id), connected: false })
    await this.#persist(id)
  }

  /** Forgets a node that was removed or merged into another. */
  async forget(id: NodeId): Promise<void> {
    this.#nodes.delete(id)
    this.#expected.delete(id)
    await this.#options.store.txn({ success: [{ kind: 'delete', key: `${PREFIX}${id}` }] })
    this.changes.beat()
  }

  /** Writes everything as it is; the last act of a clean stop, while nodes still count as connected. */
  async flush(): Promise<void> {
    for (const id of this.#nodes.keys()) await this.#persist(id)
  }

  #set(id: NodeId, node: LiveNode): void {
    this.#nodes.set(id, node)
    this.changes.beat()
  }

  async #persistIfDue(id: NodeId): Promise<void> {
    const last = this.#persistedAt.get(id) ?? 0
    if (this.#options.clock.now() - last >= this.#options.persistEveryMs) await this.#persist(id)
  }

  async #persist(id: NodeId): Promise<void> {
    this.#persistedAt.set(id, this.#options.clock.now())
    await this.#options.store.txn({
      success: [{ kind: 'put', key: `${PREFIX}${id}`, value: encodeJson(this.get(id)) }],
    })
  }
}
