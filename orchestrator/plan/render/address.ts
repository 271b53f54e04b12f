/** `host:port`, with the brackets that an IPv6 address needs. */
export function hostPort(address: string, port: number): string {
  return `${isIpv6(address) ? `[${address}]` : address}:${port}`
}

/** The CIDR of this one address. */
export function hostCidr(address: string): string {
  return `${address}/${isIpv6(address) ? 128 : 32}`
}

/** The wildcard address of the same family; IPv6's takes IPv4 too. */
export function anyAddress(address: string): string {
  return isIpv6(address) ? '::' : '0.0.0.0'
}

export function isIpv6(address: string): boolean {
  return address.includes(':')
}
