import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeId } from '../../shared/domain/ids.ts'
import { createSerial, type Serial } from '../events/serial.ts'

/** A session as its neighbours see it. */
export interface OpenSession {
  readonly nodeId: NodeId
  readonly generation: number
  /** Resolves when the session is over. */
  readonly ended: Promise<void>
  /** Asks the agent for a sign of life and resolves at its next message; never when none comes. */
  probe(): Promise<void>
  /** Asks the agent to look at its host now and to tell what it sees, whether or not it has changed. */
  requestState(): void
  /** Asks the agent to look closely at its host and its servers; what it finds answers the question of this number. */
  lookNow(number: number): void
  /** Says goodbye and ends the stream. */
  end(reason: string): void
  /** Ends a session whose agent has gone quiet or whose certificate has run out. */
  checkAlive(): void
}

export interface SessionRegistryOptions {
  /** How long an older session of the same node gets to prove that it is alive. */
  readonly probeMs: number
}

/** At most one session a node. Of two agents with one identity the first stays and the newer is refused. */
export class SessionRegistry {
  readonly #options: SessionRegistryOptions
  readonly #sessions = new Map<NodeId, OpenSession>()
  readonly #serials = new Map<NodeId, Serial>()
  #closing = false

  constructor(options: SessionRegistryOptions) {
    this.#options = options
  }

  /** The orchestrator is stopping: sessions end without their nodes being gone. */
  get isClosing(): boolean {
    return this.#closing
  }

  get size(): number {
    return this.#sessions.size
  }

  isConnected(id: NodeId): boolean {
    return this.#sessions.has(id)
  }

  /**
   * Makes this the node's session. An older one that still answers wins: throws `conflict`. An older one that is quiet,
   * because its host lost power or its network, is ended.
   */
  async claim(session: OpenSession): Promise<void> {
    const serial = this.#serials.get(session.nodeId) ?? createSerial()
    this.#serials.set(session.nodeId, serial)
    await serial(async () => {
      this.#refuseWhenClosing()
      const existing = this.#sessions.get(session.nodeId)
      if (existing !== undefined && (await this.#answers(existing))) {
        throw new DroverError('conflict', 'another agent with the same identity is connected', {
          retryable: true,
          hint: "one of the two hosts is a copy of the other: delete the copy's agent state folder and enrol it with a token",
        })
      }
      existing?.end('replaced by a newer session')
      this.#refuseWhenClosing()
      this.#sessions.set(session.nodeId, session)
    })
  }

  release(session: OpenSession): void {
    if (this.#sessions.get(session.nodeId) === session) this.#sessions.delete(session.nodeId)
  }

  /** Nothing happens when the node is not connected. */
  requestState(id: NodeId): void {
    this.#sessions.get(id)?.requestState()
  }

  /** False when the node is not connected. */
  lookNow(id: NodeId, number: number): boolean {
    const session = this.#sessions.get(id)
    session?.lookNow(number)
    return session !== undefined
  }

  /** Ends the node's session, if any: its identity was revoked or moved. */
  end(id: NodeId, reason: string): void {
    this.#sessions.get(id)?.end(reason)
  }

  checkAlive(): void {
    for (const session of this.#sessions.values()) session.checkAlive()
  }

  /** Says goodbye to everyone and lets nobody in any more. Resolves when all sessions are over. */
  async close(reason: string): Promise<void> {
    this.#closing = true
    const sessions = [...this.#sessions.values()]
    for (const session of sessions) session.end(reason)
    await Promise.all(sessions.map(session => session.ended))
  }

  async #answers(session: OpenSession): Promise<boolean> {
    const { promise: timeout, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), this.#options.probeMs)
    const answered = session.probe().then(() => true)
    const ended = session.ended.then(() => false)
    try {
      return await Promise.race([answered, ended, timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  #refuseWhenClosing(): void {
    if (this.#closing) throw new DroverError('unavailable', 'the orchestrator is stopping')
  }
}
