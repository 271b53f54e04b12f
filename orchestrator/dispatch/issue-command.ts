import { randomUUID } from 'node:crypto'
import type { CommandArgs, CommandKind } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Clock } from '../../shared/lib/clock.ts'
import { encodeCommand, encodeEnvelope } from '../../shared/wire/codec.ts'
import type { Audit } from '../observe/audit-log.ts'
import type { CommandChannel, CommandSigner } from './command-channel.ts'
import type { CommandJournal, JournalledCommand, StepKey } from './command-journal.ts'

/** Agents refuse windows above 15 min; this leaves room for clocks that differ. */
const WINDOW_MS = 10 * 60_000
const MAX_CLOCK_OFFSET_MS = 5 * 60_000

export interface IssueDeps {
  readonly journal: CommandJournal
  readonly audit: Audit
  readonly signer: CommandSigner
  readonly clock: Pick<Clock, 'now'>
  readonly fleetId: string
  readonly leaderEpoch: number
}

export interface CommandOrder extends StepKey {
  readonly kind: CommandKind
  readonly args: CommandArgs<CommandKind>
  readonly maxRuntimeMs: number
}

/**
 * Builds, signs and journals a command for the agent behind this channel. Nothing is sent here: what is journalled is
 * sent by whoever called, now or after a restart.
 */
export async function issueCommand(
  deps: IssueDeps,
  channel: CommandChannel,
  order: CommandOrder,
): Promise<JournalledCommand> {
  refuseWrongClock(channel)
  while (true) {
    const { last, compare } = await deps.journal.sequence(channel.nodeId, channel.generation)
    const sequence = Math.max(last, channel.lastSequence) + 1
    const command = sign(deps, channel, { ...order, sequence })
    const { succeeded } = await deps.audit.commit({
      compare: [compare],
      success: deps.journal.issued(command),
      records: [
        {
          type: 'command:issued',
          actor: 'orchestrator',
          subject: channel.nodeName,
          detail: `${order.kind} ${command.commandId} sequence ${sequence}, operation ${order.operationId} step ${order.stepId} attempt ${order.attempt}`,
        },
      ],
    })
    if (succeeded) return command
  }
}

function sign(
  deps: IssueDeps,
  channel: CommandChannel,
  order: CommandOrder & { readonly sequence: number },
): JournalledCommand {
  const { operationId, stepId, attempt, kind, args, maxRuntimeMs, sequence } = order
  const { nodeId, generation } = channel
  const commandId = randomUUID()
  const issuedAt = deps.clock.now()
  const notAfter = issuedAt + WINDOW_MS
  const payload = encodeCommand({
    fleetId: deps.fleetId,
    nodeId,
    nodeGeneration: generation,
    commandId,
    operationId,
    stepId,
    attempt,
    kind,
    args,
    keysetVersion: deps.signer.keysetVersion,
    leaderEpoch: deps.leaderEpoch,
    sequence,
    issuedAt,
    notAfter,
    maxRuntimeMs,
  })
  const envelope = encodeEnvelope(deps.signer.sign(payload)).toString('base64')
  return { operationId, stepId, attempt, commandId, nodeId, generation, kind, sequence, issuedAt, notAfter, envelope }
}

/** A node whose clock is far off would refuse the command as expired or from the future; say what is really wrong. */
function refuseWrongClock(channel: CommandChannel): void {
  if (Math.abs(channel.clockOffsetMs) <= MAX_CLOCK_OFFSET_MS) return
  const seconds = Math.round(channel.clockOffsetMs / 1000)
  throw new DroverError(
    'failed',
    `the clock of ${channel.nodeName} is ${seconds} s off, more than signed commands allow`,
    {
      retryable: true,
      hint: `synchronise the clock of ${channel.nodeName} (timedatectl) and run it again`,
    },
  )
}
