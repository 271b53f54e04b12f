import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { DroverError } from '../../shared/domain/errors.ts'
import { bootCommand } from './boot-command.ts'
import { type CgroupHierarchies, createCgroup, killCgroup, removeCgroup } from './cgroups.ts'
import { findLeader, hostStatus, isPowered } from './host-process.ts'
import type { LabContext } from './lab-context.ts'
import type { LabPaths } from './lab-paths.ts'
import type { HostRecord, HostStatus } from './model.ts'
import { removeLinkCommand, unplugCommand } from './network-commands.ts'
import { waitUntil } from './wait-until.ts'

/** A host and where its parts are. */
export interface HostHandle {
  readonly host: HostRecord
  readonly lab: LabPaths
  readonly hierarchies: CgroupHierarchies
}

export function hostCgroup({ host, lab, hierarchies }: HostHandle): string {
  return join(hierarchies.unified, lab.cgroup, host.name)
}

/** Starts a host with the disk it has and returns when it has begun; `waitForBoot` tells when it is up. */
export async function switchOn(handle: HostHandle, context: LabContext): Promise<void> {
  const { host, lab, hierarchies } = handle
  if (await isPowered(hostCgroup(handle))) throw new DroverError('conflict', `${host.name} is on already`)
  await killCgroup(hostCgroup(handle))
  await context.run({ argv: removeLinkCommand(lab.namespace, host.name), anyExit: true })
  const parts = [lab.cgroup, host.name]
  await removeCgroup(hierarchies, parts)
  const cgroup = await createCgroup(hierarchies.unified, parts)
  // Leaves: a version 2 group has either processes or controllers to hand down.
  await createCgroup(hierarchies.unified, [...parts, 'keeper'])
  await createCgroup(hierarchies.unified, [...parts, 'machine'])
  const paths = lab.host(host.name)
  for (const folder of [paths.upper, paths.work, paths.root]) await mkdir(folder, { recursive: true, mode: 0o755 })
  const credentials = await readdir(paths.credentials).catch(() => [])
  const keeper = await startDetached(
    bootCommand({ host, paths, namespace: lab.namespace, cgroup, credentials }),
    paths.console,
  )
  await waitUntil({
    what: `${host.name} to get power`,
    timeoutMs: 10_000,
    intervalMs: 5,
    signal: context.signal,
    check: async () => {
      if (await isPowered(cgroup)) return true
      if (keeper.exitCode !== null) throw await diedError(handle)
      return false
    },
  })
}

/**
 * Pulls the plug: the cable first, so that no closing of connections gets out, then every process in one instant.
 * The page cache survives, as this machine goes on: unlike a real power cut, unsynced writes are kept.
 */
export async function switchOff(handle: HostHandle, { run }: LabContext): Promise<void> {
  await run({ argv: unplugCommand(handle.lab.namespace, handle.host.name), anyExit: true })
  await killCgroup(hostCgroup(handle))
}

/** Waits until the host's systemd has finished starting and its address is set. Throws `timeout` with the end of its console. */
export async function waitForBoot(
  handle: HostHandle,
  context: LabContext & { readonly timeoutMs: number },
): Promise<HostStatus> {
  const cgroup = hostCgroup(handle)
  let status: HostStatus | undefined
  await waitUntil({
    what: `${handle.host.name} to boot`,
    timeoutMs: context.timeoutMs,
    intervalMs: 50,
    signal: context.signal,
    check: async () => {
      status = await hostStatus({ host: handle.host, cgroup, run: context.run })
      if (status.state === 'off' || status.state === 'broken') throw await diedError(handle)
      return status.state === 'running' || status.state === 'degraded'
    },
    explain: () => consoleTail(handle),
  })
  if (status === undefined) throw new DroverError('internal', 'a wait ended without an answer')
  return status
}

/** Identifies one run of the host's init, to tell a reboot from a host that has not gone down yet. */
export async function bootIdentity(handle: HostHandle): Promise<string | undefined> {
  const leader = await findLeader(hostCgroup(handle))
  if (leader === undefined) return undefined
  const stat = await readFile(`/proc/${leader.pid}/stat`, 'utf8').catch(() => '')
  return `${leader.pid}:${stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''}`
}

/** The host outlives this process: a session of its own, its console in a file. */
async function startDetached([program = '', ...args]: readonly string[], consoleFile: string): Promise<ChildProcess> {
  const output = await open(consoleFile, 'a', 0o600)
  try {
    const child = spawn(program, args, { detached: true, stdio: ['ignore', output.fd, output.fd] })
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.unref()
    return child
  } finally {
    await output.close()
  }
}

async function diedError(handle: HostHandle): Promise<DroverError> {
  return new DroverError('failed', `${handle.host.name} stopped while it was starting\n${await consoleTail(handle)}`)
}

async function consoleTail({ host, lab }: HostHandle): Promise<string> {
  const file = lab.host(host.name).console
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = stripVTControlCharacters(text).split(/\r?\n/).filter(Boolean)
  return [`the end of ${file}:`, ...lines.slice(-15)].join('\n  ')
}
