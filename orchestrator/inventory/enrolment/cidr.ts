import { BlockList, isIP } from 'node:net'
import { DroverError } from '../../../shared/domain/errors.ts'

/** `10.0.0.0/8` or `fd00::/8`. Throws `invalid`. */
export function parseCidr(text: string): BlockList {
  const [address = '', prefix = '', ...rest] = text.split('/')
  const family = isIP(address)
  const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (family === 0 || rest.length > 0 || !(length <= (family === 4 ? 32 : 128))) {
    throw new DroverError('invalid', `${JSON.stringify(text)} is no address range`, { hint: 'write it as 10.0.0.0/8' })
  }
  const list = new BlockList()
  list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6')
  return list
}

export function isInCidr(address: string, cidr: string): boolean {
  const family = isIP(address)
  return family !== 0 && parseCidr(cidr).check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** The bare address of a gRPC peer: `10.0.0.1:4711`, `[fd00::1]:4711`, `::ffff:10.0.0.1`; empty when there is none. */
export function addressOfPeer(peer: string): string {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(peer)?.[1] ?? (isIP(peer) === 6 ? peer : peer.replace(/:\d+$/, ''))
  const mapped = bare.replace(/^::ffff:(?=\d+\.)/i, '')
  return isIP(mapped) === 0 ? '' : mapped
}
