import type { Command__Output } from '../../proto/gen/drover/v1/Command.ts'
import type { Envelope__Output } from '../../proto/gen/drover/v1/Envelope.ts'
import { COMMAND_KINDS, type Command, type CommandArgs, type CommandKind } from '../domain/command.ts'
import { DroverError } from '../domain/errors.ts'
import type { Envelope } from '../signing/envelope.ts'
import { messageType } from './definitions.ts'

/** The bytes a signature covers. Not canonical: sign and carry these very bytes, never encode again. */
export function encodeCommand(command: Command): Buffer {
  return messageType('Command').serialize({
    fleetId: command.fleetId,
    nodeId: command.nodeId,
    nodeGeneration: command.nodeGeneration,
    commandId: command.commandId,
    operationId: command.operationId,
    stepId: command.stepId,
    attempt: command.attempt,
    kind: command.kind,
    argsJson: Buffer.from(JSON.stringify(command.args)),
    keysetVersion: command.keysetVersion,
    leaderEpoch: command.leaderEpoch,
    sequence: command.sequence,
    issuedAtMs: command.issuedAt,
    notAfterMs: command.notAfter,
    maxRuntimeMs: command.maxRuntimeMs,
  })
}

/** Throws `invalid` when the bytes are no command of a known kind. Arguments are parsed, not validated. */
export function decodeCommand(bytes: Uint8Array): Command {
  const message = decode('Command', bytes) as Command__Output
  return {
    fleetId: message.fleetId,
    nodeId: message.nodeId,
    nodeGeneration: message.nodeGeneration,
    commandId: message.commandId,
    operationId: message.operationId,
    stepId: message.stepId,
    attempt: message.attempt,
    kind: commandKind(message.kind),
    args: argsOf(message.argsJson),
    keysetVersion: message.keysetVersion,
    leaderEpoch: message.leaderEpoch,
    sequence: message.sequence,
    issuedAt: message.issuedAtMs,
    notAfter: message.notAfterMs,
    maxRuntimeMs: message.maxRuntimeMs,
  }
}

export function encodeEnvelope(envelope: Envelope): Buffer {
  return messageType('Envelope').serialize(toWireEnvelope(envelope))
}

/** Throws `invalid` when the bytes are no envelope. */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  return fromWireEnvelope(decode('Envelope', bytes) as Envelope__Output)
}

/** Domain envelope to message field, as in `ServerMessage.command`. */
export function toWireEnvelope(envelope: Envelope): Envelope__Output {
  return {
    payloadType: envelope.payloadType,
    payload: Buffer.from(envelope.payload),
    signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig: Buffer.from(sig) })),
  }
}

export function fromWireEnvelope(message: Envelope__Output): Envelope {
  return { payloadType: message.payloadType, payload: message.payload, signatures: message.signatures }
}

function decode(name: 'Command' | 'Envelope', bytes: Uint8Array): unknown {
  try {
    return messageType(name).deserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (error) {
    throw new DroverError('invalid', `the bytes are no ${name.toLowerCase()}`, { cause: error })
  }
}

function commandKind(kind: string): CommandKind {
  const known = COMMAND_KINDS.find(candidate => candidate === kind)
  if (known === undefined) throw new DroverError('invalid', `unknown command kind ${JSON.stringify(kind)}`)
  return known
}

function argsOf(json: Buffer): CommandArgs<CommandKind> {
  let args: unknown
  try {
    args = JSON.parse(json.toString('utf8'))
  } catch (error) {
    throw new DroverError('invalid', 'the arguments of the command are no JSON', { cause: error })
  }
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    throw new DroverError('invalid', 'the arguments of the command are no object')
  return args as CommandArgs<CommandKind>
}
