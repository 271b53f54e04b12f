import { join } from 'node:path/posix'
import { type Fact, known, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { type Mount, parseMountinfo } from './mountinfo.ts'

export type CgroupController = 'cpu' | 'cpuset' | 'memory'

/** Where the limits of one controller are, from the agent's slice up to the highest group that can be seen. */
export interface CgroupPlace {
  readonly version: 'v1' | 'v2'
  readonly directories: readonly string[]
}

export interface CgroupPlaces {
  readonly version: 'v1' | 'v2' | 'hybrid'
  readonly byController: { readonly [C in CgroupController]?: CgroupPlace }
}

const CONTROLLERS = ['cpu', 'cpuset', 'memory'] as const

/** Finds the agent's own groups: /proc/self/cgroup says which, /proc/self/mountinfo says where their files are. */
export async function cgroupPlaces(host: Pick<Host, 'files'>): Promise<Fact<CgroupPlaces>> {
  const membership = await host.files.readText('/proc/self/cgroup')
  const mountinfo = await host.files.readText('/proc/self/mountinfo')
  if (membership === null || mountinfo === null) return unknown('/proc/self/cgroup or /proc/self/mountinfo is absent')
  const mounts = parseMountinfo(mountinfo)
  const unified = mounts.find(mount => mount.type === 'cgroup2')
  const legacy = mounts.filter(mount => mount.type === 'cgroup')
  if (unified === undefined && legacy.length === 0) return unknown('no cgroup file system is mounted')
  const groups = parseMembership(membership)
  const byController: { [C in CgroupController]?: CgroupPlace } = {}
  for (const controller of CONTROLLERS) {
    const v1 = legacy.find(mount => mount.superOptions.includes(controller))
    const mount = v1 ?? unified
    const group = groups.get(v1 === undefined ? '' : controller)
    if (mount === undefined || group === undefined) continue
    byController[controller] = { version: v1 === undefined ? 'v2' : 'v1', directories: directoriesOf(mount, group) }
  }
  return known({ version: versionOf(unified, legacy), byController }, '/proc/self/mountinfo')
}

function versionOf(unified: Mount | undefined, legacy: readonly Mount[]): CgroupPlaces['version'] {
  if (unified === undefined) return 'v1'
  return legacy.length === 0 ? 'v2' : 'hybrid'
}

/** Lines `4:memory:/path`; the unified hierarchy is `0::/path` and gets the empty name. */
function parseMembership(text: string): ReadonlyMap<string, string> {
  const groups = new Map<string, string>()
  for (const line of text.trim().split('\n')) {
    const [, controllers = '', ...rest] = line.split(':')
    for (const controller of controllers.split(',')) groups.set(controller, rest.join(':'))
  }
  return groups
}

/**
 * The group's directory and its parents up to the mount point. The mount may show only a part of the tree (a bind mount into a
 * container), then its root is cut off; a group outside of that part is not visible and only the mount point itself is left.
 */
function directoriesOf(mount: Mount, group: string): readonly string[] {
  const below =
    mount.root === '/'
      ? group
      : group === mount.root
        ? '/'
        : group.startsWith(`${mount.root}/`)
          ? group.slice(mount.root.length)
          : '/'
  const parts = below.includes('/..') ? [] : below.split('/').filter(part => part !== '')
  if (/\.(service|scope)$/.test(parts.at(-1) ?? '')) parts.pop()
  return parts.map((_, index) => join(mount.point, ...parts.slice(0, parts.length - index))).concat(mount.point)
}
