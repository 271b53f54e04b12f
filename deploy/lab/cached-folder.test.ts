import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cachedFolder } from './cached-folder.ts'
import type { LabContext } from './lab-context.ts'
import { defaultRoots } from './lab-paths.ts'
import { runCommand } from './run-command.ts'

describe('a folder that is built once', () => {
  let cacheDir: string
  let context: LabContext
  beforeEach(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'drover-cache-'))
    context = {
      run: runCommand,
      roots: defaultRoots,
      cacheDir,
      report: () => undefined,
      signal: new AbortController().signal,
    }
  })
  afterEach(() => rm(cacheDir, { recursive: true }))

  async function image(scratch: string): Promise<string> {
    const root = join(scratch, 'root')
    await mkdir(root)
    await writeFile(join(root, 'file'), 'content')
    return root
  }

  it('is built by one of two that want it at once, and both get it', async () => {
    let builds = 0
    const build = (scratch: string): Promise<string> => {
      builds += 1
      return image(scratch)
    }
    const folders = await Promise.all([1, 2].map(() => cachedFolder({ cacheDir, name: 'os-1', build }, context)))
    expect(builds).toBe(1)
    expect(folders).toEqual([join(cacheDir, 'os-1'), join(cacheDir, 'os-1')])
    expect(await readFile(join(cacheDir, 'os-1', 'file'), 'utf8')).toBe('content')
  })

  it('is not there after a failed build, and the next one starts clean', async () => {
    const broken = async (scratch: string): Promise<string> => {
      await image(scratch)
      throw new Error('mirror is down')
    }
    await expect(cachedFolder({ cacheDir, name: 'os-1', build: broken }, context)).rejects.toThrow('mirror is down')
    expect((await readdir(cacheDir)).filter(entry => !entry.endsWith('.lock'))).toEqual([])
  })

  it('does not trust what a killed build left', async () => {
    await mkdir(join(cacheDir, '.build-os-1', 'root'), { recursive: true })
    await cachedFolder({ cacheDir, name: 'os-1', build: image }, context)
    expect(await readdir(join(cacheDir, 'os-1'))).toEqual(['file'])
    expect(await readdir(cacheDir)).not.toContain('.build-os-1')
  })
})
