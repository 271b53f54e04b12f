import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const mainFile = fileURLToPath(new URL('main.ts', import.meta.url))

/** Reads until its owner says `released`, or is gone: then it ends the lab. */
const guardScript = '[ "$(cat)" = released ] || exec "$@"'

export interface OwnerGuard {
  /** The lab may outlive this process, or has ended already. */
  readonly release: () => void
}

/** Ends a lab when this process ends, however it ends: the kernel closes the pipe even after SIGKILL. */
export function guardByOwner(name: string): OwnerGuard {
  const guard = spawn('sh', ['-c', guardScript, 'sh', process.execPath, mainFile, 'down', '--name', name], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.stdin.on('error', () => undefined)
  guard.unref()
  return { release: () => guard.stdin.end('released\n') }
}
