import type { CommandFinished } from '../../proto/gen/drover/v1/CommandFinished.ts'
import type { ServerMessage__Output } from '../../proto/gen/drover/v1/ServerMessage.ts'
import type { Welcome__Output } from '../../proto/gen/drover/v1/Welcome.ts'
import { COMMAND_KINDS } from '../../shared/domain/command.ts'
import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import { PROTOCOL, protocolGap } from '../../shared/domain/protocol.ts'
import { linkedController } from '../../shared/lib/abort.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import type { Failpoints } from '../../shared/lib/failpoint.ts'
import type { Log } from '../../shared/lib/log.ts'
import { openChannel } from '../../shared/wire/channel.ts'
import { decodeEnvelope, fromWireEnvelope } from '../../shared/wire/codec.ts'
import { createMeshClient } from '../../shared/wire/services.ts'
import type { Audit } from '../journal/audit.ts'
import type { FinishedEntry, Journal } from '../journal/journal.ts'
import { createAuditPump } from './audit-pump.ts'
import { certificateLife } from './certificate-life.ts'
import type { CommandRunner } from './command-runner.ts'
import type { FactsReporter } from './facts-reporter.ts'
import { type NodeKeys, type NodeRecord, tlsIdentity } from './identity-store.ts'
import type { CurrentKeySet } from './key-set-holder.ts'
import type { LookLoop } from './look-loop.ts'
import type { MeshLink } from './mesh-link.ts'
import type { ObservationLoop } from './observation-loop.ts'
import { createOutbox, type MessageBody } from './outbox.ts'

export interface SessionParts {
  readonly keys: NodeKeys
  readonly keySets: CurrentKeySet
  readonly runner: CommandRunner
  readonly journal: Journal
  readonly audit: Audit
  readonly facts: FactsReporter
  readonly observations: ObservationLoop
  readonly looks: LookLoop
  readonly link: MeshLink
  readonly failpoints: Failpoints
  readonly clock: Clock
  readonly log: Log
  readonly agentVersion: string
  readonly bootId: string
  readonly manifestHash: () => string
  readonly saveRecord: (record: NodeRecord) => Promise<void>
}

export type SessionEnd =
  | { readonly kind: 'goodbye'; readonly reconnectAfterMs: number; readonly reason: string }
  /** The certificate is new: dial again with it. */
  | { readonly kind: 'renewed'; readonly record: NodeRecord }

/** How long the orchestrator's first word is awaited. */
export const WELCOME_MS = 20_000
const RENEW_RETRY_MS = 30_000
const CLOCK_WARNING_MS = 30_000
const DEFAULT_HEARTBEAT_MS = 10_000

/** One connection to one orchestrator, from Hello to its end. Rejects when it breaks; whatever was not delivered comes with the next one. */
export async function runSession(
  target: { readonly address: string; readonly record: NodeRecord },
  parts: SessionParts,
  signal: AbortSignal,
): Promise<SessionEnd> {
  const { address, record } = target
  const { clock, log } = parts
  using life = linkedController(signal)
  const channel = openChannel({ address, caPem: record.caPem, identity: tlsIdentity(record, parts.keys) })
  const client = createMeshClient(channel)
  const outbox = createOutbox()
  const cleanups: (() => void)[] = []
  let end: SessionEnd | null = null
  let welcomed = false

  const send = (body: MessageBody) => {
    if (!outbox.send(body) && !life.signal.aborted)
      life.abort(new DroverError('exhausted', 'the orchestrator stopped reading'))
  }
  const audit = createAuditPump(parts.audit, recordsJson => send({ audit: { recordsJson } }))
  /** Work of this session only; its failure ends the session. */
  const background = (work: Promise<void>) => void work.catch((error: unknown) => life.abort(error))

  async function greet(welcome: Welcome__Output): Promise<void> {
    welcomed = true
    refuseFarProtocol(welcome.protocol)
    if (welcome.fleetId !== record.fleetId) throw new DroverError('denied', `${address} serves another fleet`)
    const offsetMs = clock.now() - welcome.serverTimeMs
    if (Math.abs(offsetMs) > CLOCK_WARNING_MS) log.warn('the clocks differ', { offsetMs })
    if (welcome.keysetEnvelope.length > 0) await parts.keySets.advance(decodeEnvelope(welcome.keysetEnvelope))
    log.info('session open', { address, nodeId: record.nodeId, leaderEpoch: welcome.leaderEpoch })
    cleanups.push(parts.link.open(client))
    cleanups.push(parts.facts.onChange(factsJson => send({ factsJson })))
    const factsJson = parts.facts.json()
    if (welcome.wantFacts && factsJson !== null) send({ factsJson })
    cleanups.push(
      parts.runner.attach({
        accepted: commandId => {
          send({ accepted: { commandId } })
          parts.failpoints.reach('accepted:sent')
        },
        progress: (commandId, line) => outbox.offerProgress(commandId, line),
        finished: entry => {
          parts.failpoints.reach('answer:before')
          send({ finished: toFinishedMessage(entry) })
          parts.failpoints.reach('answer:sent')
          audit.pump()
          parts.observations.wake()
        },
      }),
    )
    audit.start(welcome.auditIndex)
    background(parts.observations.run(json => outbox.replaceObservation(json), life.signal))
    background(parts.looks.run(lookJson => send({ lookJson }), life.signal))
    background(beat(welcome.heartbeatIntervalMs || DEFAULT_HEARTBEAT_MS))
    background(renewInTime())
  }

  async function beat(intervalMs: number): Promise<void> {
    while (true) {
      await clock.sleep(intervalMs, life.signal)
      const { hash } = parts.audit.head()
      send({ heartbeat: { agentTimeMs: clock.now(), factsHash: parts.facts.hash(), auditHead: hash } })
      audit.pump()
    }
  }

  async function renewInTime(): Promise<void> {
    const { renewAt, expiresAt } = certificateLife(record.certificatePem)
    // A timer holds 24 days at most.
    while (clock.now() < renewAt) await clock.sleep(Math.min(renewAt - clock.now(), 86_400_000), life.signal)
    while (true) {
      try {
        const { certificatePem, caPem } = await client.Renew({ csr: parts.keys.csr }, { signal: life.signal })
        const renewed = { ...record, certificatePem, caPem: caPem || record.caPem }
        certificateLife(renewed.certificatePem)
        await parts.saveRecord(renewed)
        await parts.audit.record({ at: clock.now(), type: 'agent:renewed' })
        end = { kind: 'renewed', record: renewed }
        life.abort()
        return
      } catch (error) {
        life.signal.throwIfAborted()
        const { message } = DroverError.from(error)
        log.warn('the certificate could not be renewed yet', { reason: message, expiresAt })
        await clock.sleep(RENEW_RETRY_MS * (0.5 + Math.random()), life.signal)
      }
    }
  }

  async function handle(message: ServerMessage__Output): Promise<void> {
    switch (message.body) {
      case 'welcome':
        return message.welcome == null ? undefined : greet(message.welcome)
      case 'command':
        parts.observations.wake()
        // Not awaited: a slow disk must not keep acknowledgements from being read.
        parts.failpoints.reach('command:received')
        if (message.command != null) void parts.runner.receive(fromWireEnvelope(message.command))
        return
      case 'ack':
        return parts.runner.acknowledge(message.ack?.commandId ?? '')
      case 'auditAck':
        return audit.acknowledged(message.auditAck?.index ?? 0)
      case 'lookNow':
        return parts.looks.ask(message.lookNow?.number ?? 0)
      case 'requestState': {
        const factsJson = parts.facts.json()
        if (factsJson !== null) send({ factsJson })
        parts.observations.repeat()
        for (const entry of parts.journal.unacknowledged()) send({ finished: toFinishedMessage(entry) })
        return
      }
      case 'goodbye':
        end = {
          kind: 'goodbye',
          reconnectAfterMs: message.goodbye?.reconnectAfterMs ?? 0,
          reason: message.goodbye?.reason ?? '',
        }
        life.abort()
        return
      case undefined:
        return
    }
  }

  try {
    // What a former session delivered may still be on its way into the journal; the orchestrator would send it anew.
    await parts.runner.takenIn()
    send({ hello: hello(target.record, parts) })
    background(
      clock.sleep(WELCOME_MS, life.signal).then(() => {
        if (!welcomed) throw new DroverError('timeout', `${address} did not welcome this node within ${WELCOME_MS} ms`)
      }),
    )
    for await (const message of client.Session(outbox, { signal: life.signal })) {
      await handle(message)
      if (life.signal.aborted) break
    }
    if (end !== null) return end
    life.signal.throwIfAborted()
    throw new DroverError('unavailable', `${address} ended the session`)
  } catch (error) {
    if (end !== null) return end
    signal.throwIfAborted()
    throw life.signal.aborted ? life.signal.reason : error
  } finally {
    life.abort()
    outbox.close()
    for (const cleanup of cleanups) cleanup()
    channel.close()
  }
}

function refuseFarProtocol(theirs: number): void {
  const gap = protocolGap(theirs)
  if (gap === null) return
  throw new DroverError('denied', `the orchestrator speaks protocol ${theirs}, this agent ${PROTOCOL}: too far apart`, {
    hint: gap === 'newer' ? "install the package of the orchestrator's own version" : 'upgrade the orchestrator',
  })
}

function hello(record: NodeRecord, parts: SessionParts) {
  return {
    nodeId: record.nodeId,
    generation: record.generation,
    bootId: parts.bootId,
    agentVersion: parts.agentVersion,
    lastCommandSequence: parts.journal.lastSequence(record.generation),
    factsHash: parts.facts.hash(),
    keysetVersion: parts.keySets.version(),
    agentTimeMs: parts.clock.now(),
    manifestHash: parts.manifestHash(),
    protocol: PROTOCOL,
    commandKinds: [...COMMAND_KINDS],
  }
}

function toFinishedMessage({ commandId, sequence, outcome }: FinishedEntry): CommandFinished {
  const base = { commandId, sequence, state: outcome.state }
  switch (outcome.state) {
    case 'done':
      return { ...base, resultJson: Buffer.from(JSON.stringify(outcome.result ?? null)) }
    case 'failed': {
      const { code, message, retryable } = outcome
      return { ...base, failure: { code, message, retryable } }
    }
    case 'refused':
      return {
        ...base,
        refusal: outcome.reason,
        failure: { code: 'denied', message: outcome.message, retryable: false },
      }
    case 'interrupted':
      return base
    default:
      return assertNever(outcome)
  }
}
