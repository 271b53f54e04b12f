import { describe, expect, it } from 'vitest'
import { addressOfPeer, isInCidr, parseCidr } from './cidr.ts'

describe('address ranges', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['fd00::5', 'fd00::/8', true],
    ['10.1.2.3', 'fd00::/8', false],
    ['', '10.0.0.0/8', false],
  ])('%s in %s: %s', (address, cidr, expected) => {
    expect(isInCidr(address, cidr)).toBe(expected)
  })

  it.each(['10.0.0.0', '10.0.0.0/33', 'fd00::/129', '10.0.0/8', 'x/8', '10.0.0.0/8/8', '10.0.0.0/-1'])(
    'refuses %s',
    text => {
      expect(() => parseCidr(text)).toThrow('is no address range')
    },
  )
})

describe('the address of a gRPC peer', () => {
  it.each([
    ['10.0.0.1:4711', '10.0.0.1'],
    ['[fd00::1]:4711', 'fd00::1'],
    ['[::ffff:10.0.0.1]:4711', '10.0.0.1'],
    ['fd00::1', 'fd00::1'],
    ['unknown', ''],
    ['', ''],
  ])('%s is %s', (peer, address) => {
    expect(addressOfPeer(peer)).toBe(address)
  })
})
