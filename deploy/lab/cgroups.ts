import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import { waitUntil } from './wait-until.ts'

/**
 * Where control groups are mounted. Each host gets a group of its own in the unified hierarchy:
 * it is how the lab knows a host's processes and how it ends them all in one instant.
 */
export interface CgroupHierarchies {
  readonly unified: string
  /** Version 1 hierarchies, in which systemd-nspawn mirrors the groups it makes. */
  readonly legacy: readonly string[]
}

/** Reads `/proc/mounts`; undefined when no unified hierarchy is mounted. */
export function parseHierarchies(mounts: string): CgroupHierarchies | undefined {
  const entries = mounts.split('\n').map(line => line.split(' '))
  const unified = entries.find(([, , type]) => type === 'cgroup2')?.[1]
  if (unified === undefined) return undefined
  const legacy = entries.filter(([, , type]) => type === 'cgroup').flatMap(([, target]) => target ?? [])
  return { unified, legacy: [...new Set(legacy)] }
}

export async function findHierarchies(): Promise<CgroupHierarchies> {
  const found = parseHierarchies(await readFile('/proc/mounts', 'utf8'))
  if (found !== undefined) return found
  throw new DroverError('unavailable', 'no cgroup2 file system is mounted on this machine', {
    retryable: false,
    hint: 'mount one: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none /sys/fs/cgroup/unified',
  })
}

/** Makes `leaf` below `root` and hands down whatever controllers each level offers. */
export async function createCgroup(root: string, parts: readonly string[]): Promise<string> {
  let path = root
  for (const part of parts) {
    await delegateControllers(path)
    path = join(path, part)
    await mkdir(path, { recursive: true })
  }
  return path
}

/** Ends every process of the group and of the groups below it at once, and waits until none is left. */
export async function killCgroup(path: string): Promise<void> {
  if (!(await isPopulated(path))) return
  await writeFile(join(path, 'cgroup.kill'), '1')
  await waitUntil({
    what: `the processes of ${path} to end`,
    timeoutMs: 15_000,
    intervalMs: 2,
    check: async () => !(await isPopulated(path)),
  })
}

export async function isPopulated(path: string): Promise<boolean> {
  const events = await readFile(join(path, 'cgroup.events'), 'utf8').catch(() => '')
  return events.includes('populated 1')
}

export async function processesOf(path: string): Promise<readonly number[]> {
  const list = await readFile(join(path, 'cgroup.procs'), 'utf8').catch(() => '')
  return list.split('\n').filter(Boolean).map(Number)
}

/** Removes a group, those below it, and their mirrors in the old hierarchies. They must be empty of processes. */
export async function removeCgroup(hierarchies: CgroupHierarchies, parts: readonly string[]): Promise<void> {
  for (const root of [hierarchies.unified, ...hierarchies.legacy]) await removeTree(join(root, ...parts))
}

/** A kernel without a controller, or a hierarchy that version 1 holds, refuses: hosts then run without that limit. */
async function delegateControllers(path: string): Promise<void> {
  const offered = await readFile(join(path, 'cgroup.controllers'), 'utf8').catch(() => '')
  for (const controller of offered.trim().split(' ').filter(Boolean)) {
    await writeFile(join(path, 'cgroup.subtree_control'), `+${controller}`).catch(() => undefined)
  }
}

async function removeTree(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(path, entry.name))
  await rmdir(path).catch(error => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  })
}
