import type {
  CommandArgs,
  CommandKind,
  CommandResult,
  PoolerTarget,
  PostgresTarget,
} from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { PatroniTarget } from '../../../shared/domain/patroni-target.ts'
import { poolerSocket } from '../../../shared/domain/pooler-socket.ts'
import { resultOf } from '../steps/outcome.ts'
import type { StepContext } from '../steps/step-context.ts'
import type { Member } from './member.ts'

const TIMEOUT_MS = 30_000

/** One signed command to the member's node, as the step's own. A step sends one; throws what went wrong. */
export async function memberCommand<K extends CommandKind>(
  context: StepContext,
  command: {
    readonly member: Member
    readonly kind: K
    readonly args: CommandArgs<K>
    readonly timeoutMs?: number
  },
): Promise<CommandResult<K>> {
  const { operationId, stepId, attempt, signal, progress } = context
  const outcome = await context.runner.run({
    nodeId: command.member.nodeId,
    kind: command.kind,
    args: command.args,
    operationId,
    stepId,
    attempt,
    timeoutMs: command.timeoutMs ?? TIMEOUT_MS,
    signal,
    onProgress: progress,
  })
  return resultOf(outcome) as CommandResult<K>
}

export function postgresOf({ instance, watch }: Member): PostgresTarget {
  return { instance, socketDirectory: watch.socketDirectory, port: watch.postgresPort }
}

export function patroniOf({ instance, watch }: Member): PatroniTarget {
  const { patroniUrl, caPath, certPath, keyPath } = watch
  return { instance, patroniUrl, caPath, certPath, keyPath }
}

/** Its pooler for writes. */
export function poolerOf({ instance, watch }: Member): PoolerTarget {
  const port = watch.poolers.find(({ name }) => name.endsWith('rw'))?.port
  if (port === undefined) throw new DroverError('internal', `${instance} has no pooler for writes`)
  return { instance, socketDirectory: poolerSocket('rw', instance), port }
}

/** Its pooler for reads, which asks this very server; absent: it has none. */
export function readPoolerOf({ instance, watch }: Member): PoolerTarget | undefined {
  const port = watch.poolers.find(({ name }) => name.endsWith('ro'))?.port
  return port === undefined ? undefined : { instance, socketDirectory: poolerSocket('ro', instance), port }
}

/** Its Patroni as another member's node reaches it, with that node's certificate. */
export function patroniFrom(caller: Member, { instance, watch }: Member): PatroniTarget {
  const { port } = new URL(watch.patroniUrl)
  const host = watch.address.includes(':') ? `[${watch.address}]` : watch.address
  return { ...patroniOf(caller), instance, patroniUrl: `https://${host}:${port}` }
}
