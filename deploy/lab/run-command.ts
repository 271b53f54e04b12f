import { spawn } from 'node:child_process'
import { DroverError } from '../../shared/domain/errors.ts'

/** A program to run, as data. Secrets go into `input` or files, never into `argv`. */
export interface Command {
  readonly argv: readonly string[]
  readonly input?: string
  /** Default 30 000 ms. The whole process group is ended when it passes. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Accept exit codes other than 0. */
  readonly anyExit?: boolean
}

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The lab's one door to programs. Throws DroverError: `failed` on a non-zero exit, `timeout`, `aborted`, `unavailable` when the program is missing. */
export type Run = (command: Command) => Promise<CommandResult>

const terminationGraceMs = 2000

/** Runs a program in a process group of its own, so that ending it ends its children too. */
export async function runCommand(command: Command): Promise<CommandResult> {
  const result = await execute(command)
  if (result.code !== 0 && command.anyExit !== true) throw exitError(command, result)
  return result
}

function execute(command: Command): Promise<CommandResult> {
  const [program = '', ...args] = command.argv
  const timeoutMs = command.timeoutMs ?? 30_000
  command.signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, stdio: 'pipe' })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    let failure: DroverError | undefined
    let hardKill: NodeJS.Timeout | undefined

    function stop(reason: DroverError): void {
      failure ??= reason
      signalGroup(child.pid, 'SIGTERM')
      hardKill ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), terminationGraceMs)
    }
    function onAbort(): void {
      stop(new DroverError('aborted', `'${label(command)}' was aborted`, { cause: command.signal?.reason }))
    }
    const timer = setTimeout(
      () => stop(new DroverError('timeout', `'${label(command)}' took longer than ${timeoutMs / 1000} s`)),
      timeoutMs,
    )
    command.signal?.addEventListener('abort', onAbort, { once: true })

    function settle(finish: () => void): void {
      clearTimeout(timer)
      clearTimeout(hardKill)
      command.signal?.removeEventListener('abort', onAbort)
      finish()
    }
    child.stdout.on('data', chunk => stdout.push(chunk))
    child.stderr.on('data', chunk => stderr.push(chunk))
    // A program may end without reading its input; its exit code says whether that matters.
    child.stdin.on('error', () => undefined)
    child.stdin.end(command.input ?? '')
    child.on('error', error => settle(() => reject(spawnError(program, error))))
    child.on('close', (code, signal) =>
      settle(() => {
        if (failure !== undefined) reject(failure)
        else
          resolve({ code: code ?? 128 + (signal === 'SIGKILL' ? 9 : 15), stdout: text(stdout), stderr: text(stderr) })
      }),
    )
  })
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has ended already.
  }
}

function spawnError(program: string, error: Error): DroverError {
  return new DroverError('unavailable', `cannot run '${program}': ${error.message}`, {
    cause: error,
    retryable: false,
    hint: 'run sh deploy/prepare.sh, which installs what the lab needs',
  })
}

function exitError(command: Command, result: CommandResult): DroverError {
  const said = (result.stderr.trim() === '' ? result.stdout : result.stderr).trim().split('\n').slice(-8).join('\n')
  return new DroverError(
    'failed',
    `'${label(command)}' ended with exit code ${result.code}${said === '' ? '' : `: ${said}`}`,
  )
}

function label(command: Command): string {
  const line = command.argv.join(' ')
  return line.length > 160 ? `${line.slice(0, 157)}...` : line
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}
