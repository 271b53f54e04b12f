import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostFiles } from './files-types.ts'
import { createHost } from './host.ts'

let root = ''
let files: HostFiles

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drover-files-'))
  files = createHost({ root }).files
})
afterEach(() => rmSync(root, { recursive: true }))

describe('reading', () => {
  it('answers null for what is absent, also below a file', async () => {
    writeFileSync(join(root, 'file'), 'text')
    expect(await files.readText('/file')).toBe('text')
    for (const path of ['/absent', '/file/below']) {
      expect(await files.readText(path)).toBeNull()
      expect(await files.readBytes(path)).toBeNull()
      expect(await files.list(path)).toBeNull()
      expect(await files.stat(path)).toBeNull()
      expect(await files.readlink(path)).toBeNull()
      expect(await files.statfs(path)).toBeNull()
    }
  })

  it('lists in order, follows links with stat and not with lstat', async () => {
    mkdirSync(join(root, 'dir'))
    writeFileSync(join(root, 'dir/b'), 'bb', { mode: 0o640 })
    symlinkSync('b', join(root, 'dir/a'))
    expect(await files.list('/dir')).toEqual(['a', 'b'])
    expect(await files.stat('/dir/a')).toMatchObject({ kind: 'file', sizeBytes: 2, mode: 0o640 })
    expect(await files.lstat('/dir/a')).toMatchObject({ kind: 'symlink' })
    expect(await files.readlink('/dir/a')).toBe('b')
    expect(await files.readlink('/dir/b')).toBeNull()
  })

  it('refuses a path that is not absolute', async () => {
    await expect(async () => files.readText('etc/passwd')).rejects.toMatchObject({ code: 'invalid' })
  })

  it('stays below its root', async () => {
    expect(await files.readText('/../../../../etc/passwd')).toBeNull()
  })
})

describe('an atomic write', () => {
  it('replaces content, mode and owner, and leaves no temporary file', async () => {
    writeFileSync(join(root, 'conf'), 'old', { mode: 0o666 })
    await files.writeAtomic({ path: '/conf', content: 'new', mode: 0o600, uid: process.getuid?.() ?? 0 })
    expect(readFileSync(join(root, 'conf'), 'utf8')).toBe('new')
    expect(statSync(join(root, 'conf')).mode & 0o7777).toBe(0o600)
    expect(readdirSync(root)).toEqual(['conf'])
  })

  it('replaces a symbolic link and does not write through it', async () => {
    writeFileSync(join(root, 'target'), 'untouched')
    symlinkSync('target', join(root, 'link'))
    await files.writeAtomic({ path: '/link', content: 'new', mode: 0o644 })
    expect(readFileSync(join(root, 'target'), 'utf8')).toBe('untouched')
    expect(readFileSync(join(root, 'link'), 'utf8')).toBe('new')
  })

  it('cleans up and says why when it cannot be done', async () => {
    mkdirSync(join(root, 'there'))
    await expect(files.writeAtomic({ path: '/there', content: '', mode: 0o644 })).rejects.toMatchObject({
      code: 'conflict',
      message: '/there: a directory is there',
    })
    await expect(files.writeAtomic({ path: '/absent/x', content: '', mode: 0o644 })).rejects.toMatchObject({
      code: 'not-found',
    })
    expect(readdirSync(root)).toEqual(['there'])
  })
})

describe('appending', () => {
  it('makes the file once and grows it', async () => {
    await files.append({ path: '/journal', content: 'a\n', mode: 0o600 })
    await files.append({ path: '/journal', content: 'b\n', mode: 0o600 })
    expect(readFileSync(join(root, 'journal'), 'utf8')).toBe('a\nb\n')
    expect(statSync(join(root, 'journal')).mode & 0o7777).toBe(0o600)
  })
})

describe('directories and links', () => {
  it('makes a directory with its parents and corrects the mode of one that is there', async () => {
    await files.mkdir({ path: '/a/b/c', mode: 0o700 })
    expect(statSync(join(root, 'a/b/c')).mode & 0o7777).toBe(0o700)
    expect(statSync(join(root, 'a')).mode & 0o7777).toBe(0o755)
    await files.mkdir({ path: '/a/b/c', mode: 0o2775 })
    expect(statSync(join(root, 'a/b/c')).mode & 0o7777).toBe(0o2775)
  })

  it('does not take a file or a link for a directory', async () => {
    writeFileSync(join(root, 'file'), '')
    symlinkSync('/etc', join(root, 'link'))
    await expect(files.mkdir({ path: '/file', mode: 0o700 })).rejects.toMatchObject({ code: 'conflict' })
    await expect(files.mkdir({ path: '/link', mode: 0o700 })).rejects.toMatchObject({ code: 'conflict' })
    await expect(files.setAttributes({ path: '/link', mode: 0o700 })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('makes and replaces a link, but never something else', async () => {
    await files.symlink({ path: '/link', target: 'one' })
    await files.symlink({ path: '/link', target: 'two' })
    expect(await files.readlink('/link')).toBe('two')
    writeFileSync(join(root, 'file'), 'precious')
    await expect(files.symlink({ path: '/file', target: 'x' })).rejects.toMatchObject({ code: 'conflict' })
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('precious')
  })

  it('removes what is there, says so, and wants to be told before it removes a full directory', async () => {
    mkdirSync(join(root, 'full/inner'), { recursive: true })
    await expect(files.remove({ path: '/full' })).rejects.toMatchObject({ code: 'conflict' })
    expect(await files.remove({ path: '/full/inner' })).toBe(true)
    writeFileSync(join(root, 'full/file'), '')
    expect(await files.remove({ path: '/full', recursive: true })).toBe(true)
    expect(await files.remove({ path: '/full', recursive: true })).toBe(false)
  })

  it('renames', async () => {
    writeFileSync(join(root, 'from'), 'x')
    mkdirSync(join(root, 'dir'))
    await files.rename({ from: '/from', to: '/dir/to' })
    expect(await files.list('/dir')).toEqual(['to'])
  })
})

describe('the raw file', () => {
  it('writes the range that it was told, past the page cache or not', async () => {
    for (const direct of [true, false]) {
      const file = await files.openRaw({ path: '/raw', direct })
      expect(file.writeAndSync({ bytes: 200 * 1024, position: 0 })).toBeGreaterThan(0)
      expect(file.writeAndSync({ bytes: 8192, position: 200 * 1024 })).toBeGreaterThan(0)
      file.close()
      expect(statSync(join(root, 'raw')).size).toBe(208 * 1024)
      expect(direct || !file.direct).toBe(true)
      await files.remove({ path: '/raw' })
    }
  })

  it('falls back where the file system cannot bypass the cache', async () => {
    const memory = createHost().files
    const path = `/dev/shm/drover-raw-${process.pid}`
    const file = await memory.openRaw({ path, direct: true })
    file.writeAndSync({ bytes: 8192, position: 0 })
    file.close()
    expect(await memory.remove({ path })).toBe(true)
  })

  it('never opens a file that is there', async () => {
    writeFileSync(join(root, 'raw'), 'precious')
    await expect(files.openRaw({ path: '/raw', direct: false })).rejects.toMatchObject({ code: 'conflict' })
    expect(readFileSync(join(root, 'raw'), 'utf8')).toBe('precious')
  })
})
