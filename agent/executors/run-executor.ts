import type { Command, CommandArgs, CommandKind, CommandResult } from '../../shared/domain/command.ts'
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

/** Changes nothing, so it need not wait for the commands that do. */
export function isReadOnly({ kind, args }: Command): boolean {
  if (kind === 'facts.collect') return true
  if (kind === 'converge') return (args as CommandArgs<'converge'>).dryRun
  return kind === 'postgres.provision' && (args as CommandArgs<'postgres.provision'>).dryRun
}
