import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createHost } from '../host/host.ts'
import { copiedBytes } from './copied-bytes.ts'

it('counts what has arrived of a copy, and nothing behind links', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'copied-'))
  try {
    const { files } = createHost()
    await mkdir(join(directory, 'base/5'), { recursive: true })
    await writeFile(join(directory, 'PG_VERSION'), '17\n')
    await writeFile(join(directory, 'base/5/1259'), Buffer.alloc(8192))
    await symlink('/usr/share', join(directory, 'link'))
    expect(await copiedBytes(files, directory)).toBe(8195)
    expect(await copiedBytes(files, join(directory, 'nothing'))).toBe(0)
  } finally {
    await rm(directory, { recursive: true })
  }
})
