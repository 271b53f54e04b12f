import { DroverError } from '../../shared/domain/errors.ts'
import { type AddHosts, addHosts } from './add-hosts.ts'
import type { AddressPlan } from './address-plan.ts'
import { findHierarchies } from './cgroups.ts'
import { addPartition, checkEnds, healCuts, type PartitionRequest } from './cuts.ts'
import { enterHostCommand, enterNamespaceCommand } from './enter-command.ts'
import { bootIdentity, type HostHandle, hostCgroup, switchOff, switchOn, waitForBoot } from './host-power.ts'
import { findLeader, hostStatus } from './host-process.ts'
import type { LabContext } from './lab-context.ts'
import { labLock } from './lab-lock.ts'
import { labPaths } from './lab-paths.ts'
import { requireRecord, writeRecord } from './lab-record.ts'
import { type LogsRequest, logsCommand, offlineLogsCommand } from './logs-command.ts'
import type { Cut, HostRecord, HostStatus, LabRecord } from './model.ts'
import { loadRulesCommand } from './network-commands.ts'
import { partitionRules } from './partition-rules.ts'
import type { Command, CommandResult } from './run-command.ts'
import { waitUntil } from './wait-until.ts'

export type ExecOptions = Pick<Command, 'input' | 'timeoutMs' | 'signal' | 'anyExit'>

/** A lab that exists. Methods that change it wait for each other, across processes too. */
export interface Lab {
  readonly name: string
  readonly addresses: AddressPlan
  /** Name of the network namespace: `ip netns exec <namespace> ...`. */
  readonly namespace: string
  readonly record: () => Promise<LabRecord>
  readonly addHosts: (request: AddHosts) => Promise<readonly HostStatus[]>
  readonly status: () => Promise<readonly HostStatus[]>
  readonly powerOff: (hosts: readonly string[]) => Promise<void>
  /** Boots hosts with the disks they had, all at once. */
  readonly powerOn: (hosts: readonly string[]) => Promise<readonly HostStatus[]>
  /** An orderly restart from inside the host. */
  readonly reboot: (hosts: readonly string[]) => Promise<readonly HostStatus[]>
  readonly partition: (request: PartitionRequest) => Promise<void>
  /** Mends the cuts that touch these hosts; all cuts when none is named. */
  readonly heal: (ends?: readonly string[]) => Promise<void>
  /** Runs a program inside a host as root. Throws `failed` on a non-zero exit unless `anyExit`. */
  readonly exec: (host: string, argv: readonly string[], options?: ExecOptions) => Promise<CommandResult>
  /** The same as data, for a caller that wants the streams itself. Throws `unavailable` when the host is off. */
  readonly execCommand: (host: string, argv: readonly string[], terminal?: string) => Promise<readonly string[]>
  /** Runs a program of this machine in the lab's network, at the orchestrator's address. It ends with the lab. */
  readonly inNamespace: (argv: readonly string[], options?: ExecOptions) => Promise<CommandResult>
  readonly inNamespaceCommand: (argv: readonly string[]) => Promise<readonly string[]>
  /** The host's journal, which stays readable when it is off. */
  readonly logsCommand: (host: string, request: LogsRequest) => Promise<readonly string[]>
}

export interface LabParts {
  readonly name: string
  readonly addresses: AddressPlan
  readonly context: LabContext
}

const bootTimeoutMs = 120_000

export function createLabHandle({ name, addresses, context }: LabParts): Lab {
  const paths = labPaths(name, context.roots)

  function record(): Promise<LabRecord> {
    return requireRecord(name, context.roots)
  }
  function locked<T>(work: () => Promise<T>): Promise<T> {
    return labLock(paths.lockFile, context, work)
  }
  async function handleOf(host: string): Promise<HostHandle> {
    const [handle] = await handlesOf([host])
    if (handle === undefined) throw new DroverError('internal', 'a known host has no handle')
    return handle
  }
  async function handlesOf(names: readonly string[]): Promise<readonly HostHandle[]> {
    const { hosts } = await record()
    const hierarchies = await findHierarchies()
    return names.map(host => ({ host: requireHost(hosts, host), lab: paths, hierarchies }))
  }
  function boot(handle: HostHandle): Promise<HostStatus> {
    return waitForBoot(handle, { ...context, timeoutMs: bootTimeoutMs })
  }
  async function changeCuts(change: (record: LabRecord) => readonly Cut[]): Promise<void> {
    await locked(async () => {
      const before = await record()
      const cuts = change(before)
      // Recorded first: cutting again after a crash is harmless, a cut that nobody remembers is not.
      await writeRecord({ ...before, cuts }, context.roots)
      await context.run({ argv: loadRulesCommand(paths.namespace), input: partitionRules(cuts) })
    })
  }
  async function execCommand(host: string, argv: readonly string[], terminal?: string): Promise<readonly string[]> {
    const leader = await findLeader(hostCgroup(await handleOf(host)))
    if (leader === undefined)
      throw new DroverError('unavailable', `${host} is off`, {
        hint: `power it on: npm run lab -- power-on ${host} --name ${name}`,
      })
    return enterHostCommand({ leader, argv, ...(terminal === undefined ? {} : { terminal }) })
  }
  async function inNamespaceCommand(argv: readonly string[]): Promise<readonly string[]> {
    await record()
    const { unified } = await findHierarchies()
    return enterNamespaceCommand({ namespace: paths.namespace, cgroup: `${unified}/${paths.cgroup}/outside`, argv })
  }

  return {
    name,
    addresses,
    namespace: paths.namespace,
    record,
    execCommand,
    inNamespaceCommand,
    addHosts: request => locked(async () => addHosts({ request, record: await record(), addresses, context, boot })),
    status: async () => {
      const { hosts } = await record()
      const handles = await handlesOf(hosts.map(host => host.name))
      return Promise.all(
        handles.map(handle => hostStatus({ host: handle.host, cgroup: hostCgroup(handle), run: context.run })),
      )
    },
    powerOff: hosts =>
      locked(async () => {
        await Promise.all((await handlesOf(hosts)).map(handle => switchOff(handle, context)))
      }),
    powerOn: hosts =>
      locked(async () => {
        const handles = await handlesOf(hosts)
        await Promise.all(handles.map(handle => switchOn(handle, context)))
        return Promise.all(handles.map(boot))
      }),
    reboot: hosts =>
      locked(async () => Promise.all((await handlesOf(hosts)).map(handle => restart(handle, { context, boot })))),
    partition: async request => {
      await changeCuts(({ hosts, cuts }) => {
        const names = hosts.map(host => host.name)
        rejectUnknown(names, [...request.side, ...(request.from ?? [])])
        return addPartition({ hosts: names, cuts, request })
      })
    },
    heal: async ends => {
      await changeCuts(({ hosts, cuts }) => {
        rejectUnknown(
          hosts.map(host => host.name),
          ends ?? [],
        )
        return healCuts({ cuts, ...(ends === undefined ? {} : { ends }) })
      })
    },
    exec: async (host, argv, options) =>
      context.run({ signal: context.signal, ...options, argv: await execCommand(host, argv) }),
    inNamespace: async (argv, options) =>
      context.run({ signal: context.signal, ...options, argv: await inNamespaceCommand(argv) }),
    logsCommand: async (host, request) => {
      const handle = await handleOf(host)
      const leader = await findLeader(hostCgroup(handle))
      if (leader === undefined) return offlineLogsCommand(paths.host(host), request)
      return enterHostCommand({ leader, argv: logsCommand(request) })
    },
  }
}

interface Restart {
  readonly context: LabContext
  readonly boot: (handle: HostHandle) => Promise<HostStatus>
}

async function restart(handle: HostHandle, { context, boot }: Restart): Promise<HostStatus> {
  const before = await bootIdentity(handle)
  const leader = await findLeader(hostCgroup(handle))
  if (before === undefined || leader === undefined) throw new DroverError('unavailable', `${handle.host.name} is off`)
  await context.run({ argv: enterHostCommand({ leader, argv: ['systemctl', 'reboot'] }), anyExit: true })
  await waitUntil({
    what: `${handle.host.name} to go down for its reboot`,
    timeoutMs: 120_000,
    intervalMs: 50,
    signal: context.signal,
    check: async () => (await bootIdentity(handle)) !== before,
  })
  return boot(handle)
}

function requireHost(hosts: readonly HostRecord[], name: string): HostRecord {
  const host = hosts.find(host => host.name === name)
  if (host !== undefined) return host
  throw new DroverError('not-found', `the lab has no host '${name}'`, {
    hint: `its hosts are ${hosts.map(known => known.name).join(', ')}`,
  })
}

function rejectUnknown(hosts: readonly string[], ends: readonly string[]): void {
  const problem = checkEnds(hosts, ends)
  if (problem !== undefined)
    throw new DroverError('invalid', problem.message, problem.hint === undefined ? {} : { hint: problem.hint })
}
