import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { withFileLock } from './file-lock.ts'
import type { LabContext } from './lab-context.ts'

export interface CachedFolder {
  readonly cacheDir: string
  /** Names the content; the same name is never built twice. */
  readonly name: string
  /** Fills an empty folder on the cache's file system and says which folder inside it to keep. */
  readonly build: (scratch: string) => Promise<string>
}

/**
 * A folder that is either complete or not there: built aside, moved in place, and built by one process while
 * others wait. What a killed build left is cleared by the next.
 */
export async function cachedFolder({ cacheDir, name, build }: CachedFolder, context: LabContext): Promise<string> {
  const target = join(cacheDir, name)
  if (await exists(target)) return target
  await mkdir(cacheDir, { recursive: true, mode: 0o755 })
  return withFileLock(
    {
      file: join(cacheDir, `.${name}.lock`),
      waitSeconds: 1800,
      onWait: () => context.report(`waiting for another process that builds ${name}`),
      signal: context.signal,
    },
    async () => {
      if (await exists(target)) return target
      const scratch = join(cacheDir, `.build-${name}`)
      await discard(scratch, context)
      await mkdir(scratch)
      try {
        const result = await build(scratch)
        await context.run({ argv: ['sync', '-f', result], timeoutMs: 120_000 })
        await rename(result, target)
      } finally {
        await discard(scratch, context)
      }
      return target
    },
  )
}

/** A killed build may have left its overlay mounted. */
async function discard(folder: string, { run }: LabContext): Promise<void> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map(line => line.split(' ')[1] ?? '')
  for (const mount of mounts.filter(target => target.startsWith(`${folder}/`)).reverse()) {
    await run({ argv: ['umount', '--lazy', mount], anyExit: true })
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
