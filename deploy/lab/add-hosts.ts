import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { DroverError } from '../../shared/domain/errors.ts'
import type { AddressPlan } from './address-plan.ts'
import { baseImage } from './base-image.ts'
import { findHierarchies } from './cgroups.ts'
import { hostConfig } from './host-config.ts'
import { type HostHandle, switchOn } from './host-power.ts'
import { writeCredentials, writeSeed } from './host-seed.ts'
import type { LabContext } from './lab-context.ts'
import { labPaths } from './lab-paths.ts'
import { writeRecord } from './lab-record.ts'
import { type HostFile, type HostRecord, type HostStatus, hostName, type LabRecord, type OsName } from './model.ts'

export interface AddHosts {
  readonly count: number
  readonly os: OsName
  /** Read-only folders over the base image, topmost first, as `buildLayer` returns them. */
  readonly layers?: readonly string[]
  /** Files on the new host's disk, by absolute path. */
  readonly files?: (host: HostRecord) => Readonly<Record<string, HostFile>>
  /** systemd credentials by name, kept over reboots. */
  readonly credentials?: (host: HostRecord) => Readonly<Record<string, string>>
}

export interface AddHostsInput {
  readonly request: AddHosts
  readonly record: LabRecord
  readonly addresses: AddressPlan
  readonly context: LabContext
  readonly boot: (handle: HostHandle) => Promise<HostStatus>
}

/** Makes new hosts with the next free numbers and boots them side by side. The caller holds the lab's lock. */
export async function addHosts(input: AddHostsInput): Promise<readonly HostStatus[]> {
  const { request, record, context, boot } = input
  checkCount(input)
  const image = await baseImage(request.os, context)
  const hosts = newHosts(input, [...(request.layers ?? []), image])
  for (const host of hosts) await prepareDisk(host, input)
  await writeRecord({ ...record, hosts: [...record.hosts, ...hosts] }, context.roots)
  const hierarchies = await findHierarchies()
  const lab = labPaths(record.name, context.roots)
  const handles = hosts.map(host => ({ host, lab, hierarchies }))
  await Promise.all(handles.map(handle => switchOn(handle, context)))
  return Promise.all(
    handles.map(async handle => {
      const status = await boot(handle)
      context.report(`${status.name} ${status.address} ${status.state}`)
      return status
    }),
  )
}

function checkCount({ request, record, addresses }: AddHostsInput): void {
  const { count } = request
  const room = addresses.maxHosts - record.hosts.length
  if (Number.isInteger(count) && count >= 0 && count <= room) return
  throw new DroverError('invalid', `cannot add ${count} hosts: ${addresses.cidr} has room for ${room} more`, {
    hint: 'give a smaller number, or a wider --subnet',
  })
}

function newHosts({ request, record, addresses }: AddHostsInput, lower: readonly string[]): readonly HostRecord[] {
  const first = Math.max(0, ...record.hosts.map(host => host.number)) + 1
  return Array.from({ length: request.count }, (_, index) => {
    const number = first + index
    return { name: hostName(number), number, address: addresses.hostAddress(number), os: request.os, lower }
  })
}

async function prepareDisk(host: HostRecord, { request, record, addresses, context }: AddHostsInput): Promise<void> {
  const paths = labPaths(record.name, context.roots).host(host.name)
  await rm(paths.dir, { recursive: true, force: true })
  const machineId = randomBytes(16).toString('hex')
  await writeSeed(paths, { ...hostConfig({ host, addresses, machineId }), ...request.files?.(host) })
  await writeCredentials(paths, request.credentials?.(host) ?? {})
}
