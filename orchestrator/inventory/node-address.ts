import { isIPv4 } from 'node:net'

/**
 * The address by which other nodes reach this one: where its agent connects from, unless it runs beside the orchestrator;
 * then the first routable address it reported, IPv4 before IPv6.
 */
export function nodeAddress(connectsFrom: string, reported: readonly string[]): string {
  if (connectsFrom !== '' && !isLocal(connectsFrom)) return connectsFrom
  const routable = reported.filter(address => !isLocal(address))
  return routable.find(isIPv4) ?? routable[0] ?? connectsFrom
}

function isLocal(address: string): boolean {
  return address.startsWith('127.') || address === '::1' || address.toLowerCase().startsWith('fe80:')
}
