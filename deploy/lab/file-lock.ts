import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'

export interface LockOptions {
  readonly file: string
  readonly waitSeconds: number
  /** Called once when somebody else holds the lock. */
  readonly onWait?: () => void
  readonly signal?: AbortSignal
}

/**
 * Runs `work` while holding an exclusive lock on a file. A small child holds it and ends with this
 * process however that ends, so that no lock outlives its owner. The file may be removed by the holder:
 * a waiter that got the lock of a removed file tries again.
 */
export async function withFileLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(options.file), { recursive: true })
  const release = await acquire(options)
  try {
    return await work()
  } finally {
    release()
  }
}

const holderScript = `
while :; do
  exec 9>"$1"
  flock -n 9 || { echo waiting; flock -w "$2" 9 || exit 75; }
  [ "$(stat -Lc %i /proc/self/fd/9)" = "$(stat -c %i "$1" 2>/dev/null)" ] && break
done
echo locked
exec cat >/dev/null
`

function acquire({ file, waitSeconds, onWait, signal }: LockOptions): Promise<() => void> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const holder = spawn('sh', ['-c', holderScript, 'sh', file, String(waitSeconds)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    })
    // The whole group: the shell's own child is what waits.
    function onAbort(): void {
      if (holder.pid !== undefined) process.kill(-holder.pid, 'SIGKILL')
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    let said = ''
    holder.stdin.on('error', () => undefined)
    holder.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said === 'waiting\n') onWait?.()
      if (!said.endsWith('locked\n')) return
      signal?.removeEventListener('abort', onAbort)
      resolve(() => holder.stdin.end())
    })
    holder.on('error', reject)
    holder.on('close', () => {
      signal?.removeEventListener('abort', onAbort)
      reject(
        signal?.aborted === true
          ? new DroverError('aborted', 'the wait for a lock was aborted')
          : heldError(file, waitSeconds),
      )
    })
  })
}

function heldError(file: string, waitSeconds: number): DroverError {
  return new DroverError('locked', `another process has held ${file} for more than ${waitSeconds} s`, {
    hint: `see who holds it: fuser -v ${file}`,
  })
}
