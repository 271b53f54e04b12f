import type { AddressPlan } from './address-plan.ts'
import { bridgeName } from './boot-command.ts'
import { bridgePort } from './partition-rules.ts'

/** Makes the lab's network: a namespace with a bridge and no way out of it. */
export function createNetworkCommands(namespace: string, addresses: AddressPlan): readonly (readonly string[])[] {
  const inside = ['ip', '-n', namespace]
  return [
    ['ip', 'netns', 'add', namespace],
    [...inside, 'link', 'set', 'lo', 'up'],
    [...inside, 'link', 'add', bridgeName, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0'],
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

/** Pulls a host's cable without the host noticing a lost carrier, so that nothing it still says gets out. */
export function unplugCommand(namespace: string, host: string): readonly string[] {
  return ['ip', '-n', namespace, 'link', 'set', bridgePort(host), 'nomaster']
}

/** Fails when the host has no link. */
export function showLinkCommand(namespace: string, host: string): readonly string[] {
  return ['ip', '-n', namespace, '-brief', 'link', 'show', 'dev', bridgePort(host)]
}

/** Loads a packet filter from standard input. */
export function loadRulesCommand(namespace: string): readonly string[] {
  return ['nsenter', `--net=/run/netns/${namespace}`, '--', 'nft', '-f', '-']
}
