import { dirname, resolve } from 'node:path/posix'
import type { Host } from '../host/host.ts'
import { parseMountinfo } from './mountinfo.ts'

const DEVICES = '/sys/dev/block'

/** Whether the disk below the directory says that it has a volatile write cache; null when there is no one disk to ask. */
export async function hasVolatileCache(host: Pick<Host, 'files'>, directory: string): Promise<boolean | null> {
  const device = await deviceBelow(host, directory)
  if (device === null) return null
  const link = await host.files.readlink(`${DEVICES}/${device}`)
  if (link === null) return null
  const below = resolve(DEVICES, link)
  // A partition has no queue of its own; the disk is the directory above it.
  for (const directory of [below, dirname(below)]) {
    const cache = (await host.files.readText(`${directory}/queue/write_cache`))?.trim()
    if (cache !== undefined) return cache === 'write back'
  }
  return null
}

/** major:minor of the mount with the longest matching path. */
async function deviceBelow(host: Pick<Host, 'files'>, directory: string): Promise<string | null> {
  const mounts = parseMountinfo((await host.files.readText('/proc/self/mountinfo')) ?? '')
  let best: { readonly point: string; readonly device: string } | null = null
  for (const mount of mounts) {
    const isAbove = mount.point === '/' || directory === mount.point || directory.startsWith(`${mount.point}/`)
    if (isAbove && (best === null || mount.point.length >= best.point.length)) best = mount
  }
  return best?.device ?? null
}
