import { setTimeout } from 'node:timers/promises'
import type { FilesystemFacts } from '../../shared/domain/facts.ts'
import type { FilesystemSpace } from '../host/files-types.ts'
import type { Host } from '../host/host.ts'
import { type Mount, parseMountinfo } from './mountinfo.ts'

/** File systems that hold data, by where the data is; everything else the kernel mounts is a view of itself or memory. */
const DISK_TYPES = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'jfs',
  'reiserfs',
  'bcachefs',
  'vfat',
  'exfat',
])
const NETWORK_TYPES = new Set([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'ceph',
  'glusterfs',
  'fuse.glusterfs',
  'lustre',
  'gfs2',
  'ocfs2',
])

/** Folders of the machine around a container: long, and of no use inside of it. */
const OVERLAY_LAYER = /^(lowerdir|upperdir|workdir)=/
const ANSWER_MS = 2_000

/** File systems with their space, sorted by mount point. An overlay counts only as the root of a container. */
export async function filesystemFacts(host: Pick<Host, 'files'>): Promise<readonly FilesystemFacts[]> {
  const mounts = parseMountinfo((await host.files.readText('/proc/self/mountinfo')) ?? '').filter(holdsData)
  const found: FilesystemFacts[] = []
  for (const mount of oncePerDevice(visible(mounts))) {
    const facts = await describe(host, mount)
    if (facts !== null) found.push(facts)
  }
  return found.toSorted((a, b) => (a.mount < b.mount ? -1 : 1))
}

function holdsData({ type, point }: Mount): boolean {
  // Below /run is what a service manager or a container manager mounts for itself.
  if (point.startsWith('/run/')) return false
  return DISK_TYPES.has(type) || NETWORK_TYPES.has(type) || (type === 'overlay' && point === '/')
}

/** Of several mounts on one point the last one hides the others. */
function visible(mounts: readonly Mount[]): readonly Mount[] {
  return [...new Map(mounts.map(mount => [mount.point, mount])).values()]
}

/** Leaves out bind mounts of a file system that is mounted whole as well; a container may see nothing but bind mounts. */
function oncePerDevice(mounts: readonly Mount[]): readonly Mount[] {
  const whole = new Map<string, Mount>()
  for (const mount of mounts) {
    const best = whole.get(mount.device)
    if (mount.root === '/' && (best === undefined || mount.point.length < best.point.length))
      whole.set(mount.device, mount)
  }
  return mounts.filter(mount => (whole.get(mount.device) ?? mount) === mount)
}

async function describe(host: Pick<Host, 'files'>, mount: Mount): Promise<FilesystemFacts | null> {
  const space = await answerOf(spaceOf(host, mount.point))
  if (space === null) return null
  return {
    mount: mount.point,
    device: mount.source,
    type: mount.type,
    sizeBytes: space.sizeBytes,
    availableBytes: space.availableBytes,
    options: effectiveOptions(mount),
    source: '/proc/self/mountinfo, statfs',
  }
}

/** A mount is writable when the mount and its file system both are. */
function effectiveOptions({ options, superOptions }: Mount): readonly string[] {
  const all = new Set([...options, ...superOptions])
  if (all.has('ro')) all.delete('rw')
  return [...all].filter(option => !OVERLAY_LAYER.test(option))
}

async function spaceOf(host: Pick<Host, 'files'>, point: string): Promise<FilesystemSpace | null> {
  // A container's /etc/hosts and the like are single files mounted from its host.
  if ((await host.files.stat(point))?.kind === 'file') return null
  return host.files.statfs(point)
}

/** null when the file system refuses, or gives no answer in time: the server of a network file system may be gone. */
async function answerOf(space: Promise<FilesystemSpace | null>): Promise<FilesystemSpace | null> {
  const waiting = new AbortController()
  try {
    const silence = setTimeout(ANSWER_MS, null, { signal: waiting.signal })
    silence.catch(() => undefined)
    return await Promise.race([space, silence])
  } catch {
    return null
  } finally {
    waiting.abort()
  }
}
