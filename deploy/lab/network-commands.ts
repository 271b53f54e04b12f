import type { AddressPlan } from './address-plan.ts'
import { bridgeName } from './boot-command.ts'
import { bridgePort } from './partition-rules.ts'

/** Fixed, because a bridge otherwise takes the address of a port, and changes it when that host loses power. */
const bridgeMac = '02:64:72:6f:76:01'

/** Makes the lab's network: a namespace with a bridge and no way out of it. */
export function createNetworkCommands(namespace: string, addresses: AddressPlan): readonly (readonly string[])[] {
  const inside = ['ip', '-n', namespace]
  return [
    ['ip', 'netns', 'add', namespace],
    [...inside, 'link', 'set', 'lo', 'up'],
    [
      ...inside,
      'link',
      'add',
      bridgeName,
      'address',
      bridgeMac,
      'type',
      'bridge',
      'stp_state',
      '0',
      'forward_delay',
      '0',
    ],
    [
      ...inside,
      'address',
      'add',
      `${addresses.gateway}/${addresses.prefixLength}`,
      'broadcast',
      addresses.broadcast,
      'dev',
      bridgeName,
    ],
    [...inside, 'link', 'set', bridgeName, 'up'],
  ]
}

export function removeNetworkCommand(namespace: string): readonly string[] {
  return ['ip', 'netns', 'delete', namespace]
}

/** Pulls a host's cable: nothing that it still says gets out. */
export function unplugCommand(namespace: string, host: string): readonly string[] {
  return ['ip', '-n', namespace, 'link', 'set', bridgePort(host), 'down']
}

/**
 * Takes away the link of a host that is off; fails when it has none. The kernel would keep it for minutes, as long as
 * dead connections inside the host's namespace wait for an answer that nobody will let through.
 */
export function removeLinkCommand(namespace: string, host: string): readonly string[] {
  return ['ip', '-n', namespace, 'link', 'delete', bridgePort(host)]
}

/** Loads a packet filter from standard input. */
export function loadRulesCommand(namespace: string): readonly string[] {
  return ['nsenter', `--net=/run/netns/${namespace}`, '--', 'nft', '-f', '-']
}
