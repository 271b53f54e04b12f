import type { Command, CommandKind, CommandResult } from '../../shared/domain/command.ts'
import type { Executor, ExecutorCall, Executors } from './executor.ts'

/** The one place where a command meets the executor of its kind. */
export function runExecutor<K extends CommandKind>(
  executors: Executors,
  command: Command<K>,
  context: Omit<ExecutorCall<K>, 'args'>,
): Promise<CommandResult<K>> {
  const executor: Executor<K> = executors[command.kind]
  return executor({ ...context, args: command.args })
}
