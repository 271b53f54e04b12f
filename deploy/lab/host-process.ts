import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isPopulated, processesOf } from './cgroups.ts'
import { enterHostCommand, type Leader } from './enter-command.ts'
import type { HostRecord, HostState, HostStatus } from './model.ts'
import type { Run } from './run-command.ts'

/** The host's init, from the control group alone: no pid file that could be stale. */
export async function findLeader(hostCgroup: string): Promise<Leader | undefined> {
  const [supervisor] = await processesOf(join(hostCgroup, 'machine', 'supervisor'))
  if (supervisor === undefined) return undefined
  const children = await readFile(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8').catch(() => '')
  const pid = Number(children.trim().split(' ')[0])
  const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  // Until it has become the init, the child is systemd-nspawn still building the host's namespaces.
  return ['systemd', 'init'].includes(program.trim())
    ? { pid, cgroup: join(hostCgroup, 'machine', 'payload', 'lab') }
    : undefined
}

/** What is so now, asked of the kernel and of the host's own systemd. */
export async function hostStatus({
  host,
  cgroup,
  run,
}: {
  host: HostRecord
  cgroup: string
  run: Run
}): Promise<HostStatus> {
  const leader = await findLeader(cgroup)
  const base = { name: host.name, address: host.address, os: host.os, pid: leader?.pid, failedUnits: [] }
  if (leader === undefined) return { ...base, state: await stateWithoutLeader(cgroup) }
  const answer = await run({
    argv: enterHostCommand({ leader, argv: ['sh', '-c', statusScript] }),
    anyExit: true,
    timeoutMs: 10_000,
  })
  return { ...base, ...readAnswer(answer.stdout) }
}

/** Whether the host has its power supply, the process that starts systemd-nspawn. */
export async function isPowered(hostCgroup: string): Promise<boolean> {
  return (await processesOf(join(hostCgroup, 'keeper'))).length > 0
}

async function stateWithoutLeader(cgroup: string): Promise<HostState> {
  if (await isPowered(cgroup)) return 'booting'
  return (await isPopulated(cgroup)) ? 'broken' : 'off'
}

const statusScript = `
systemctl is-system-running
ip -4 -o address show dev host0 scope global | grep -c inet
systemctl list-units --failed --plain --no-legend | cut -d' ' -f1
`

/** A host counts as up when its network is, too. */
function readAnswer(answer: string): { readonly state: HostState; readonly failedUnits: readonly string[] } {
  const [system = '', addresses = '0', ...failedUnits] = answer.trim().split('\n')
  return { state: addresses === '0' ? notUp(system) : systemState(system), failedUnits }
}

function notUp(system: string): HostState {
  return system === 'stopping' ? 'stopping' : 'booting'
}

function systemState(system: string): HostState {
  switch (system) {
    case 'running':
    case 'degraded':
    case 'stopping':
      return system
    default:
      return 'booting'
  }
}
