import type { Problem } from '../../shared/domain/problem.ts'

/** The lab's addresses: `.1` of the subnet is the machine itself, hosts count up from `.11`. */
export interface AddressPlan {
  /** The subnet as given, `10.10.10.0/24`. */
  readonly cidr: string
  readonly prefixLength: number
  /** Where the orchestrator listens: the bridge inside the lab's namespace. */
  readonly gateway: string
  readonly broadcast: string
  /** Host numbers run from 1 to this. */
  readonly maxHosts: number
  readonly hostAddress: (hostNumber: number) => string
}

const firstHostOffset = 11

/** Reads an IPv4 subnet such as `10.10.10.0/24`; prefix lengths 16 to 27 leave room for hosts. */
export function planAddresses(cidr: string): AddressPlan | Problem {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr)
  if (match === null) return badSubnet(`'${cidr}' is not an IPv4 subnet`)
  const [a = 0, b = 0, c = 0, d = 0, prefixLength = 0] = match.slice(1).map(Number)
  if ([a, b, c, d].some(octet => octet > 255)) return badSubnet(`'${cidr}' has a number above 255`)
  if (prefixLength < 16 || prefixLength > 27) return badSubnet(`'${cidr}' must have a prefix length from 16 to 27`)
  const size = 2 ** (32 - prefixLength)
  const base = ((a * 256 + b) * 256 + c) * 256 + d
  if (base % size !== 0)
    return badSubnet(`'${cidr}' is an address inside the subnet ${dotted(base - (base % size))}/${prefixLength}`)
  return {
    cidr,
    prefixLength,
    gateway: dotted(base + 1),
    broadcast: dotted(base + size - 1),
    maxHosts: size - 1 - firstHostOffset,
    hostAddress: hostNumber => dotted(base + firstHostOffset - 1 + hostNumber),
  }
}

function badSubnet(message: string): Problem {
  return { code: 'invalid-subnet', message, hint: 'give a subnet such as 10.10.10.0/24', severity: 'error' }
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(address / 2 ** shift) % 256).join('.')
}
