import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { DroverError } from '../../shared/domain/errors.ts'
import { createBoundedOutput } from './bounded-output.ts'
import type { UserAccount } from './host.ts'

export interface ExecOptions extends Omit<ExecCommandOptions, 'account'> {
  /** Runs as that account with all its groups, HOME and USER set; default the agent's own. */
  readonly user?: string
}

export interface ExecCommandOptions {
  /** Program and arguments; never a shell, never a secret (every user of the machine can read argument lists). */
  readonly argv: readonly [string, ...string[]]
  /** What the program reads; secrets belong here. */
  readonly stdin?: string | Uint8Array
  /** Added to a fixed, small environment (PATH, LANG); nothing is inherited from the agent. */
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** The account to become; default the agent's own. */
  readonly account?: UserAccount
  readonly cwd?: string
  /** Kept of each stream: the first bytes of stdout, the last ones of stderr. Default 1 MiB. */
  readonly maxOutputBytes?: number
  /** Between SIGTERM and SIGKILL. Default 2 000 ms. */
  readonly killGraceMs?: number
}

export interface ExecResult {
  /** Exit code, or 128 + the signal that ended it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Some output was dropped because of `maxOutputBytes`. */
  readonly truncated: boolean
}

const DEFAULT_OUTPUT_BYTES = 1024 * 1024
const DEFAULT_GRACE_MS = 2_000
/** A daemon that the program left behind may hold the pipes open; the answer does not wait for it longer than this. */
const PIPE_LINGER_MS = 250

/**
 * Runs one program to its end in a process group of its own. Errors: `timeout` and `aborted` after the whole group got SIGTERM and,
 * `killGraceMs` later, SIGKILL; `not-found` when there is no such program; `denied` when it may not be run.
 */
export async function execCommand(options: ExecCommandOptions): Promise<ExecResult> {
  const name = options.argv[0]
  if (options.signal.aborted) throw new DroverError('aborted', `${name} was not started: the work was aborted`)
  const stdout = createBoundedOutput({ keep: 'head', maxBytes: options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES })
  const stderr = createBoundedOutput({ keep: 'tail', maxBytes: options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES })
  const child = startProgram(options)
  child.stdout?.on('data', stdout.add)
  child.stderr?.on('data', stderr.add)
  feed(child, options.stdin)
  const stop = stopOnDemand(child, options)
  try {
    const code = await ended(child, name)
    await stop.finished()
    return { code, stdout: stdout.text(), stderr: stderr.text(), truncated: stdout.truncated() || stderr.truncated() }
  } finally {
    stop.dispose()
  }
}

/** Starts a program in a process group of its own, with nothing of the agent's environment. */
export function startProgram({
  argv,
  account,
  cwd,
  env,
}: Pick<ExecCommandOptions, 'argv' | 'account' | 'cwd' | 'env'>): ChildProcess {
  const [program, ...args] = account === undefined ? argv : becoming(account, argv)
  return spawn(program, args, {
    cwd: cwd ?? '/',
    detached: true,
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      ...(account === undefined ? {} : { HOME: account.home, USER: account.name, LOGNAME: account.name }),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** setpriv becomes the program (one process, no session), and unlike spawn's own uid it keeps the account's extra groups. */
function becoming(account: UserAccount, argv: ExecOptions['argv']): readonly [string, ...string[]] {
  return ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups', '--', ...argv]
}

function feed(child: ChildProcess, stdin: string | Uint8Array | undefined): void {
  // A program may end without reading its input; that is its right and not an error of ours.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(stdin ?? '')
}

interface Stopper {
  /** Throws when the program was ended by us, after nothing of its group is left. */
  finished(): Promise<void>
  dispose(): void
}

function stopOnDemand(child: ChildProcess, options: ExecCommandOptions): Stopper {
  const graceMs = options.killGraceMs ?? DEFAULT_GRACE_MS
  let reason: DroverError | null = null
  let killer: NodeJS.Timeout | undefined
  const stop = (why: DroverError) => {
    if (reason !== null) return
    reason = why
    signalGroup(child, 'SIGTERM')
    killer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs)
  }
  const onAbort = () => stop(new DroverError('aborted', `${options.argv[0]} was stopped: the work was aborted`))
  const timer = setTimeout(
    () =>
      stop(new DroverError('timeout', `${options.argv[0]} did not end within ${options.timeoutMs} ms and was stopped`)),
    options.timeoutMs,
  )
  options.signal.addEventListener('abort', onAbort, { once: true })
  return {
    finished: async () => {
      if (reason === null) return
      signalGroup(child, 'SIGKILL')
      throw reason
    },
    dispose: () => {
      clearTimeout(timer)
      clearTimeout(killer)
      options.signal.removeEventListener('abort', onAbort)
    },
  }
}

export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // ESRCH: the group is already gone, which is what was wanted.
  }
}

function ended(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(startError(error, name)))
    child.once('exit', (code, signal) => {
      const answer = code ?? 128 + (signal === null ? 0 : constants.signals[signal])
      const linger = setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, PIPE_LINGER_MS)
      child.once('close', () => {
        clearTimeout(linger)
        resolve(answer)
      })
    })
  })
}

function startError(error: NodeJS.ErrnoException, name: string): DroverError {
  if (error.code === 'ENOENT') {
    return new DroverError('not-found', `cannot run ${name}: no such program or working directory`, { cause: error })
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new DroverError('denied', `may not run ${name}: ${error.code}`, { cause: error })
  }
  return new DroverError('failed', `cannot run ${name}: ${error.message}`, { cause: error })
}
