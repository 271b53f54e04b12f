import { closeSync, constants, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { errnoOf } from './file-errors.ts'
import type { RawFile } from './files-types.ts'

/** The part of the global that is used; it is otherwise only typed for browsers. */
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number
    readonly maximum: number
  }) => { readonly buffer: ArrayBuffer }
}

const PATTERN_BYTES = 64 * 1024

/** Opens a new file (O_EXCL); with `direct` past the page cache, when the file system does that. */
export function openRaw(options: { readonly path: string; readonly direct: boolean }): RawFile {
  const { file, direct } = openNew(options)
  const pattern = alignedPattern()
  return {
    direct,
    writeAndSync: ({ bytes, position }) => {
      const startedAt = performance.now()
      for (let done = 0; done < bytes; ) {
        done += writeSync(file, pattern, 0, Math.min(PATTERN_BYTES, bytes - done), position + done)
      }
      fdatasyncSync(file)
      return (performance.now() - startedAt) * 1000
    },
    close: () => closeSync(file),
  }
}

function openNew({ path, direct }: { readonly path: string; readonly direct: boolean }) {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW, O_DIRECT } = constants
  const flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW
  if (!direct) return { file: openSync(path, flags, 0o600), direct }
  try {
    return { file: openSync(path, flags | O_DIRECT, 0o600), direct }
  } catch (error) {
    if (errnoOf(error) !== 'EINVAL') throw error
    // The kernel refuses O_DIRECT after it made the file.
    rmSync(path, { force: true })
    return { file: openSync(path, flags, 0o600), direct: false }
  }
}

/**
 * O_DIRECT needs memory that is aligned to a block. Node cannot ask for that, but memory of a WebAssembly instance is mapped
 * in whole pages.
 */
function alignedPattern(): Uint8Array {
  const bytes = new Uint8Array(new WebAssembly.Memory({ initial: 1, maximum: 1 }).buffer)
  // Not zeros: some storage stores zeros without writing them.
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = (index * 31 + (index >> 8)) & 0xff
  return bytes
}
