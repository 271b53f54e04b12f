import type { CommandKind } from '../../shared/domain/command.ts'
import { DroverError } from '../../shared/domain/errors.ts'
import type { CommandChannel } from './command-channel.ts'

/** Why this agent is not sent a command of that kind: it would only refuse what it cannot read. Null: it knows the kind. */
export function unknownKind(kind: CommandKind, channel: CommandChannel): DroverError | null {
  if (channel.knownKinds.has(kind)) return null
  const { nodeName, agentVersion } = channel
  return new DroverError('conflict', `agent ${agentVersion} of ${nodeName} is too old for it: it knows no ${kind}`, {
    retryable: false,
    hint: 'drover upgrade agents, or a newer package on the host',
  })
}
