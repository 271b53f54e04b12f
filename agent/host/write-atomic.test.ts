import { mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AtomicWriteIo, writeAtomic } from './write-atomic.ts'

describe('the order of an atomic write', () => {
  it('syncs the content before the name points to it, and the directory after', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'drover-order-'))
    const calls: string[] = []
    const path = join(directory, 'conf')
    await writeAtomic({ path, content: 'x', mode: 0o640, gid: process.getgid?.() ?? 0 }, recording(calls, directory))
    rmSync(directory, { recursive: true })
    expect(calls).toEqual([
      'open temporary',
      'writeFile temporary',
      'chown temporary',
      'chmod temporary',
      'sync temporary',
      'close temporary',
      'rename temporary to conf',
      'open directory',
      'sync directory',
      'close directory',
    ])
  })
})

/** The real calls, written down. */
function recording(calls: string[], directory: string): AtomicWriteIo {
  const nameOf = (path: unknown) => (path === directory ? 'directory' : 'temporary')
  return {
    open: async (path, flags, mode) => {
      calls.push(`open ${nameOf(path)}`)
      return recordingHandle(await open(path, flags, mode), nameOf(path), calls)
    },
    rename: async (from, to) => {
      calls.push(`rename ${nameOf(from)} to ${basename(String(to))}`)
      await rename(from, to)
    },
  }
}

function recordingHandle(handle: FileHandle, name: string, calls: string[]): FileHandle {
  return new Proxy(handle, {
    get: (target, property) => {
      const member: unknown = Reflect.get(target, property, target)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        calls.push(`${String(property)} ${name}`)
        return Reflect.apply(member, target, args) as unknown
      }
    },
  })
}
