import type { Command } from '@commander-js/extra-typings'
import { DroverError } from '../../shared/domain/errors.ts'
import type { FleetClient } from '../../shared/wire/services.ts'
import type { Terminal } from './terminal.ts'

/** What every command is given. */
export interface Cli {
  readonly terminal: Terminal
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** Connects with the global options of the command line. */
  connect(): Promise<FleetClient>
  readFile(path: string): Promise<string>
  /** Replaces the file whole or not at all. */
  writeFile(path: string, content: string): Promise<void>
  /** For child processes. */
  readonly environment: Readonly<Record<string, string | undefined>>
  setExitCode(code: number): void
}

export type Parent = Command

/** What an aborted watch is: the person detached, the work goes on. */
export function isAbort(error: unknown): boolean {
  return (
    (error instanceof Error && error.name === 'AbortError') ||
    (error instanceof DroverError && error.code === 'aborted')
  )
}
