import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withFileLock } from './file-lock.ts'

describe('a lock on a file', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drover-lock-'))
    file = join(folder, 'lab.lock')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('lets one work while the other waits, and says so', async () => {
    const events: string[] = []
    const entered = Promise.withResolvers<void>()
    const waiting = Promise.withResolvers<void>()
    const first = withFileLock({ file, waitSeconds: 10 }, async () => {
      entered.resolve()
      await waiting.promise
      events.push('first')
    })
    await entered.promise
    const second = withFileLock(
      { file, waitSeconds: 10, onWait: waiting.resolve },
      async () => void events.push('second'),
    )
    await Promise.all([first, second])
    expect(events).toEqual(['first', 'second'])
  })

  it('is free again after work that failed', async () => {
    await expect(withFileLock({ file, waitSeconds: 1 }, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    )
    expect(await withFileLock({ file, waitSeconds: 1 }, async () => 'mine')).toBe('mine')
  })

  it('still excludes others when the holder removes the file', async () => {
    const waiting = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    const first = withFileLock({ file, waitSeconds: 10 }, async () => {
      entered.resolve()
      await waiting.promise
      await rm(file)
    })
    await entered.promise
    const second = withFileLock({ file, waitSeconds: 10, onWait: waiting.resolve }, () =>
      withFileLock({ file, waitSeconds: 0 }, async () => 'two at once').catch((error: Error) => error),
    )
    await first
    expect(await second).toMatchObject({ code: 'locked' })
  })

  it('stops waiting when aborted', async () => {
    const abort = new AbortController()
    await withFileLock({ file, waitSeconds: 1 }, async () => {
      const pending = withFileLock(
        { file, waitSeconds: 60, onWait: () => abort.abort(), signal: abort.signal },
        async () => 'got it',
      )
      await expect(pending).rejects.toMatchObject({ code: 'aborted' })
    })
  })
})
