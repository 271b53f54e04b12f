import type { AgentMessage__Output } from '../../proto/gen/drover/v1/AgentMessage.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { NodeFacts } from '../../shared/domain/facts.ts'
import type { Look } from '../../shared/domain/look.ts'
import type { NodeObservation } from '../../shared/domain/observation.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Failpoints } from '../../shared/lib/failpoint.ts'
import type { Log } from '../../shared/lib/log.ts'
import type { FactsStore } from '../inventory/facts-store.ts'
import type { LiveNodes } from '../inventory/live-nodes.ts'
import type { Audit } from '../observe/audit-log.ts'
import type { NodeAudit } from '../observe/node-audit.ts'
import type { AgentSession } from './agent-session.ts'
import type { Dispatcher } from './dispatcher.ts'

export interface ReceiverDeps {
  readonly dispatcher: Dispatcher
  readonly live: LiveNodes
  readonly facts: FactsStore
  readonly nodeAudit: NodeAudit
  readonly audit: Audit
  readonly failpoints?: Failpoints
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
}

/**
 * Takes in what one agent says, one message after the other. A message that makes no sense is logged and dropped; it
 * never ends the session, or a broken agent would only come back to send it again.
 */
export class Receiver {
  readonly #deps: ReceiverDeps
  readonly #session: AgentSession
  #expectedSequence = 2
  /** The agent's own hash of its facts, as it last said; the body follows or came before. */
  #announcedFacts: string
  #factsBody = false
  #storedFacts: string
  #chainReported = false

  constructor(
    deps: ReceiverDeps,
    session: AgentSession,
    hashes: { readonly announced: string; readonly stored: string },
  ) {
    this.#deps = deps
    this.#session = session
    this.#announcedFacts = hashes.announced
    this.#storedFacts = hashes.stored
  }

  async receive(message: AgentMessage__Output): Promise<void> {
    this.#session.heard()
    if (message.sequence !== this.#expectedSequence) this.#session.push({ requestState: {} })
    this.#expectedSequence = message.sequence + 1
    try {
      await this.#take(message)
    } catch (error) {
      const { code } = DroverError.from(error)
      this.#deps.log.warn('a message of an agent was dropped', {
        node: this.#session.nodeName,
        body: message.body,
        error,
      })
      if (code === 'unavailable' || code === 'exhausted' || code === 'locked') throw error
    }
  }

  async #take(message: AgentMessage__Output): Promise<void> {
    const { dispatcher, live } = this.#deps
    const { nodeId } = this.#session
    switch (message.body) {
      case 'heartbeat':
        return this.#heartbeat(message.heartbeat?.agentTimeMs ?? 0, message.heartbeat?.factsHash ?? '')
      case 'accepted':
        return dispatcher.accepted(nodeId, message.accepted?.commandId ?? '')
      case 'progress':
        return dispatcher.progress(nodeId, message.progress?.commandId ?? '', message.progress?.line ?? '')
      case 'finished':
        return this.#finished(message)
      case 'factsJson':
        return this.#facts(parseObject<NodeFacts>(message.factsJson, ['hostname', 'cpu', 'memory', 'disks']))
      case 'observationJson':
        return live.observed(nodeId, parseObject<NodeObservation>(message.observationJson, ['observedAt', 'instances']))
      case 'lookJson':
        return live.looked(nodeId, parseObject<Look>(message.lookJson, ['answers', 'servers']))
      case 'audit':
        return this.#audit(message.audit?.recordsJson ?? [])
      case 'hello':
      case undefined:
        throw new DroverError('invalid', 'a message without a known body')
    }
  }

  async #heartbeat(agentTimeMs: number, factsHash: string): Promise<void> {
    await this.#deps.live.heard(this.#session.nodeId, { clockOffsetMs: this.#session.readClock(agentTimeMs) })
    if (factsHash === '' || factsHash === this.#storedFacts) return
    const isNew = factsHash !== this.#announcedFacts
    this.#announcedFacts = factsHash
    if (this.#factsBody) await this.#nameFacts()
    else if (isNew) this.#session.push({ requestState: {} })
  }

  async #finished({ finished }: AgentMessage__Output): Promise<void> {
    if (finished == null) return
    try {
      await this.#deps.dispatcher.finished(this.#session.nodeId, finished)
    } catch (error) {
      if (DroverError.from(error).code !== 'denied') throw error
      const { nodeName } = this.#session
      const detail = `answered command ${finished.commandId}, which is not its own`
      await this.#deps.audit.append({ type: 'command:foreign', actor: `node:${nodeName}`, subject: nodeName, detail })
    }
    this.#session.push({ ack: { commandId: finished.commandId } })
    this.#deps.failpoints?.reach('answer:acknowledged')
  }

  async #facts(facts: NodeFacts): Promise<void> {
    const receivedAt = this.#deps.clock.now()
    const isNamed = this.#announcedFacts !== this.#storedFacts
    await this.#deps.facts.put(this.#session.nodeId, { hash: isNamed ? this.#announcedFacts : '', receivedAt, facts })
    this.#factsBody = !isNamed
    if (isNamed) this.#storedFacts = this.#announcedFacts
    this.#deps.live.changes.beat()
  }

  /** The body came before the heartbeat that names it. */
  async #nameFacts(): Promise<void> {
    await this.#deps.facts.rename(this.#session.nodeId, this.#announcedFacts)
    this.#storedFacts = this.#announcedFacts
    this.#factsBody = false
  }

  async #audit(records: readonly Uint8Array[]): Promise<void> {
    const { nodeName } = this.#session
    try {
      const { head, gap } = await this.#deps.nodeAudit.append(this.#session, records)
      if (gap !== null) await this.#chainBroken(`its audit chain is ${gap.why} at record ${gap.index}`)
      this.#session.push({ auditAck: { index: head.index } })
    } catch (error) {
      const { code, message } = DroverError.from(error)
      if (code !== 'conflict' && code !== 'invalid') throw error
      await this.#chainBroken(message)
      this.#deps.log.error('an audit chain is broken', { node: nodeName, reason: message })
    }
  }

  async #chainBroken(detail: string): Promise<void> {
    if (this.#chainReported) return
    this.#chainReported = true
    const { nodeName } = this.#session
    await this.#deps.audit.append({ type: 'audit:broken', actor: `node:${nodeName}`, subject: nodeName, detail })
  }
}

function parseObject<T>(json: Uint8Array | undefined, required: readonly (keyof T & string)[]): T {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(json ?? []).toString('utf8'))
  } catch (error) {
    throw new DroverError('invalid', 'the body is no JSON', { cause: error })
  }
  const isObject = typeof value === 'object' && value !== null && required.every(key => key in value)
  if (!isObject) throw new DroverError('invalid', `the body lacks one of ${required.join(', ')}`)
  return value as T
}
