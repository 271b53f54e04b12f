import type { CommandArgs, CommandKind, CommandResult } from '../../shared/domain/command.ts'

/**
 * Does what one kind of command says. Admission has already decided that it may run and the journal holds its intent.
 * Throws a DroverError when the work fails; its message reaches the operator and must hold no secret.
 */
export type Executor<K extends CommandKind> = (call: ExecutorCall<K>) => Promise<CommandResult<K>>

export interface ExecutorCall<K extends CommandKind> {
  readonly args: CommandArgs<K>
  /** Aborted when the command's `maxRuntimeMs` is over or the agent stops. */
  readonly signal: AbortSignal
  /** A short line for a person who watches; may be dropped. */
  readonly progress: (line: string) => void
}

/** Exhaustive: a new kind does not compile until somebody executes it. */
export type Executors = { readonly [K in CommandKind]: Executor<K> }
