import type { AddressPlan } from './address-plan.ts'
import { type HostFile, type HostRecord, hostName, orchestratorEnd } from './model.ts'

export interface HostConfigInput {
  readonly host: Pick<HostRecord, 'name' | 'address'>
  readonly addresses: AddressPlan
  /** 32 lower-case hexadecimal digits, new for every disk: an image must not give all hosts one identity. */
  readonly machineId: string
}

/** The files that make a copy of the base image this one host. */
export function hostConfig(input: HostConfigInput): Record<string, HostFile> {
  return {
    '/etc/hostname': { content: `${input.host.name}\n` },
    '/etc/hosts': { content: hostsFile(input) },
    '/etc/machine-id': { content: `${input.machineId}\n`, mode: 0o444 },
    '/etc/systemd/network/10-lab.network': { content: networkFile(input) },
  }
}

/** Sorts before systemd's own 80-container-host0.network, which would ask for an address by DHCP. */
function networkFile({ host, addresses }: HostConfigInput): string {
  return `[Match]
Name=host0

[Network]
Address=${host.address}/${addresses.prefixLength}
LinkLocalAddressing=no
IPv6AcceptRA=no
DHCP=no
`
}

/** Names for hosts that may be added later, too, so that this file never has to change. */
const namedHosts = 64

function hostsFile({ addresses }: HostConfigInput): string {
  const numbers = Array.from({ length: Math.min(namedHosts, addresses.maxHosts) }, (_, index) => index + 1)
  const nodes = numbers.map(number => `${addresses.hostAddress(number)} ${hostName(number)}`)
  return [
    '127.0.0.1 localhost',
    '::1 localhost ip6-localhost',
    `${addresses.gateway} ${orchestratorEnd}`,
    ...nodes,
    '',
  ].join('\n')
}
