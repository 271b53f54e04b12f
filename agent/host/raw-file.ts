import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { RawFile } from './files-types.ts'

/** The part of the global that is used; it is otherwise only typed for browsers. */
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number
    readonly maximum: number
  }) => { readonly buffer: ArrayBuffer }
}

const PATTERN_BYTES = 64 * 1024

/** Opens a new file (O_EXCL); with `direct` past the page cache, which some file systems refuse with EINVAL. */
export async function openRaw(options: { readonly path: string; readonly direct: boolean }): Promise<RawFile> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW, O_DIRECT } = constants
  const flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | (options.direct ? O_DIRECT : 0)
  const file = await open(options.path, flags, 0o600)
  const pattern = alignedPattern()
  return {
    writePattern: async ({ bytes, position }) => {
      for (let done = 0; done < bytes; ) {
        const length = Math.min(PATTERN_BYTES, bytes - done)
        const { bytesWritten } = await file.write(pattern, 0, length, position + done)
        done += bytesWritten
      }
    },
    datasync: () => file.datasync(),
    close: () => file.close(),
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
