import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { DroverError } from '../../shared/domain/errors.ts'

/** What to run: data, built by pure functions and tested as such. */
export interface Command {
  readonly argv: readonly [string, ...string[]]
  readonly cwd?: string
  readonly input?: string
}

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined
  /** Lines the command writes to file descriptor 3. */
  readonly onStatusLine?: (line: string) => void
}

export type RunCommand = (command: Command, options?: RunOptions) => Promise<CommandResult>

const KILL_AFTER_MS = 5_000

/**
 * The one door through which this folder starts programs. Resolves with the exit code whatever it is; throws when the
 * program cannot be started or the signal aborts it (its whole process group is ended first).
 */
export async function runCommand(command: Command, options: RunOptions = {}): Promise<CommandResult> {
  const { signal, onStatusLine } = options
  throwIfAborted(signal)
  const [program, ...rest] = command.argv
  const child = spawn(program, rest, {
    cwd: command.cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', onStatusLine === undefined ? 'ignore' : 'pipe'],
  })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const statusPipe = child.stdio[3]
  if (onStatusLine !== undefined && statusPipe)
    createInterface({ input: statusPipe as Readable }).on('line', onStatusLine)
  // A program that exits without reading its input is judged by its exit code, not by the broken pipe.
  child.stdin?.on('error', () => {})
  child.stdin?.end(command.input ?? '')

  let killTimer: NodeJS.Timeout | undefined
  const endGroup = () => {
    killGroup(child.pid, 'SIGTERM')
    killTimer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS)
  }
  signal?.addEventListener('abort', endGroup, { once: true })
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', error => reject(cannotStart(program, error)))
      child.once('close', (code, killedBy) => resolve(code ?? (killedBy === null ? 1 : 128)))
    })
    throwIfAborted(signal)
    return { exitCode, stdout: stdout(), stderr: stderr() }
  } finally {
    clearTimeout(killTimer)
    signal?.removeEventListener('abort', endGroup)
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new DroverError('aborted', 'the work was aborted', { cause: signal.reason })
}

function collect(stream: Readable | null): () => string {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks).toString('utf8')
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has already ended.
  }
}

/** Debian packages that hold the programs this folder needs. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  'apt-ftparchive': 'apt-utils',
  gpg: 'gnupg',
  gpgconf: 'gnupg',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
}

function cannotStart(program: string, error: Error & { readonly code?: string }): DroverError {
  const debian = PACKAGE_OF[program]
  return new DroverError(
    'failed',
    `cannot start ${program}: ${error.code === 'ENOENT' ? 'it is not installed' : error.message}`,
    {
      cause: error,
      ...(debian === undefined ? {} : { hint: `apt-get install ${debian}` }),
    },
  )
}
