import type { Command, CommandOutcome, RefusalReason } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Envelope } from '../../shared/signing/envelope.ts'
import type { KeySet } from '../../shared/signing/keyset.ts'
import { verifyCommand } from '../../shared/signing/verify-command.ts'
import type { JournalEntry } from '../journal/journal.ts'
import { manifestProblem } from './manifest-shape.ts'
import { type CapabilityPolicy, policyObjection } from './policy.ts'

export interface AdmissionState {
  readonly fleetId: string
  readonly nodeId: string
  readonly generation: number
  readonly keySet: KeySet
  readonly highestEpoch: number
  readonly lastSequence: number
  /** What the journal knows of a sequence number. */
  readonly find: (sequence: number) => JournalEntry | null
  /** Throws when the policy cannot be relied on. */
  readonly readPolicy: () => Promise<CapabilityPolicy>
  /** Unix milliseconds. */
  readonly now: number
}

export type Admission =
  | { readonly kind: 'run'; readonly command: Command; readonly payloadHash: string }
  /** The same bytes again: the stored outcome is the answer, null while it still runs. */
  | {
      readonly kind: 'repeat'
      readonly commandId: string
      readonly sequence: number
      readonly outcome: CommandOutcome | null
    }
  | {
      readonly kind: 'refuse'
      readonly reason: RefusalReason
      readonly message: string
      readonly command: Command | null
    }

const MAX_WINDOW_MS = 15 * 60_000
/** How far the orchestrator's clock may be ahead. */
const MAX_AHEAD_MS = 60_000

/** Whether this node does what the envelope says, in the order of DESIGN 5.3. Changes nothing. */
export async function admit(envelope: Envelope, state: AdmissionState): Promise<Admission> {
  const verified = verifyCommand({ envelope, keySet: state.keySet, now: state.now })
  if (!verified.ok) return { kind: 'refuse', reason: verified.reason, message: verified.message, command: null }
  const { command, payloadHash } = verified
  const refuse = (reason: RefusalReason, message: string): Admission => ({ kind: 'refuse', reason, message, command })

  const misdirected = wrongTarget(command, state)
  if (misdirected !== null) return refuse(misdirected.reason, misdirected.message)
  const known = state.find(command.sequence)
  if (known !== null && known.intent.payloadHash === payloadHash) {
    const { sequence, commandId } = command
    return { kind: 'repeat', commandId, sequence, outcome: known.outcome }
  }
  const outdated = stale(command, state, known)
  if (outdated !== null) return refuse(outdated.reason, outdated.message)
  const late = badTime(command, state.now)
  if (late !== null) return refuse(late.reason, late.message)
  const shape = command.kind === 'converge' ? manifestProblem(command.args) : null
  if (shape !== null) return refuse('malformed', shape)
  const objection = await localObjection(command, state)
  return objection === null ? { kind: 'run', command, payloadHash } : refuse('policy', objection)
}

interface Refusal {
  readonly reason: RefusalReason
  readonly message: string
}

function wrongTarget(command: Command, state: AdmissionState): Refusal | null {
  if (command.fleetId !== state.fleetId) return { reason: 'wrong-fleet', message: 'it is for another fleet' }
  if (command.nodeId !== state.nodeId) return { reason: 'wrong-node', message: 'it is for another node' }
  if (command.nodeGeneration !== state.generation) {
    const message = `it is for generation ${command.nodeGeneration}, this node is at ${state.generation}`
    return { reason: 'wrong-generation', message }
  }
  return null
}

function stale(command: Command, state: AdmissionState, known: JournalEntry | null): Refusal | null {
  if (command.keysetVersion < state.keySet.version) {
    const message = `it was signed under key set ${command.keysetVersion}, this node is at ${state.keySet.version}`
    return { reason: 'stale-keyset', message }
  }
  if (command.leaderEpoch < state.highestEpoch) {
    const message = `its leader epoch ${command.leaderEpoch} is older than ${state.highestEpoch}`
    return { reason: 'stale-epoch', message }
  }
  if (known !== null) {
    const message = `sequence ${command.sequence} was used by command ${known.intent.commandId} with other content`
    return { reason: 'replayed-sequence', message }
  }
  if (command.sequence <= state.lastSequence) {
    const message = `its sequence ${command.sequence} is not above ${state.lastSequence}`
    return { reason: 'stale-sequence', message }
  }
  return null
}

function badTime({ issuedAt, notAfter }: Command, now: number): Refusal | null {
  if (notAfter < now) {
    return { reason: 'expired', message: `it was valid until ${time(notAfter)}, now it is ${time(now)}` }
  }
  if (issuedAt > now + MAX_AHEAD_MS) {
    const message = `it was issued at ${time(issuedAt)}, now it is only ${time(now)}: compare the clocks`
    return { reason: 'issued-in-future', message }
  }
  if (notAfter - issuedAt > MAX_WINDOW_MS) {
    return { reason: 'window-too-long', message: `it is valid for ${notAfter - issuedAt} ms, at most ${MAX_WINDOW_MS}` }
  }
  return null
}

async function localObjection(command: Command, state: AdmissionState): Promise<string | null> {
  try {
    return policyObjection(command, await state.readPolicy())
  } catch (error) {
    return DroverError.from(error).message
  }
}

function time(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString()
}
