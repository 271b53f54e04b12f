import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findHierarchies, killCgroup, removeCgroup } from './cgroups.ts'
import type { LabContext } from './lab-context.ts'
import { labPaths } from './lab-paths.ts'
import { removeNetworkCommand } from './network-commands.ts'

/**
 * Ends a lab and everything it started, in whatever state it is: processes, control groups, network, mounts, disks.
 * Needs no record, so that it also clears what a killed run left. The caller holds the lab's lock.
 */
export async function destroyLab(name: string, context: LabContext): Promise<void> {
  const { run, roots } = context
  const paths = labPaths(name, roots)
  const hierarchies = await findHierarchies()
  await killCgroup(join(hierarchies.unified, paths.cgroup))
  await removeCgroup(hierarchies, [paths.cgroup])
  if ((await readdir('/run/netns').catch((): string[] => [])).includes(paths.namespace)) {
    await run({ argv: removeNetworkCommand(paths.namespace) })
  }
  for (const mount of await mountsBelow(paths.stateDir)) await run({ argv: ['umount', '--lazy', mount] })
  await rm(paths.stateDir, { recursive: true, force: true, maxRetries: 3 })
  await rmdir(roots.stateRoot).catch(() => undefined)
}

/** Innermost first. */
async function mountsBelow(folder: string): Promise<readonly string[]> {
  const targets = (await readFile('/proc/mounts', 'utf8')).split('\n').map(line => line.split(' ')[1] ?? '')
  return targets.filter(target => target.startsWith(`${folder}/`)).reverse()
}
