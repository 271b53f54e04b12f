import type { PoolerTarget } from '../../../shared/domain/command.ts'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { Exec } from '../../host/host.ts'

/** What runs one command of PgBouncer's console: it lets the account under which it runs in as user `pgbouncer`, over its socket. */
export function consoleArgv({ socketDirectory, port }: PoolerTarget, command: string): readonly [string, ...string[]] {
  return [
    '/usr/bin/psql',
    '--no-psqlrc',
    '--quiet',
    '--no-password',
    `--host=${socketDirectory}`,
    `--port=${port}`,
    '--username=pgbouncer',
    '--dbname=pgbouncer',
    `--command=${command}`,
  ]
}

export interface ConsoleCall {
  readonly exec: Exec
  readonly target: PoolerTarget
  readonly command: 'PAUSE' | 'RESUME'
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Errors: `timeout` when PgBouncer does not get there, `unavailable` when it does not answer, `failed` with its own sentence. */
export async function poolerConsole({ exec, target, command, timeoutMs, signal }: ConsoleCall): Promise<void> {
  const argv = consoleArgv(target, command)
  const { code, stderr } = await exec({ argv, user: 'postgres', timeoutMs, killGraceMs: 100, signal })
  if (code === 0) return
  const reason = stderr.trim().split('\n').at(-1) ?? ''
  throw new DroverError(code === 2 ? 'unavailable' : 'failed', `the pooler of ${target.instance}: ${reason}`)
}
