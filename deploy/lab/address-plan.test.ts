import { describe, expect, it } from 'vitest'
import { type AddressPlan, planAddresses } from './address-plan.ts'

describe('planning the addresses of a lab', () => {
  it('gives the machine .1 and hosts .11 onwards', () => {
    const plan = planned('10.10.10.0/24')
    expect(plan.gateway).toBe('10.10.10.1')
    expect(plan.hostAddress(1)).toBe('10.10.10.11')
    expect(plan.hostAddress(3)).toBe('10.10.10.13')
  })

  it('keeps the last host below the broadcast address', () => {
    const plan = planned('192.168.7.0/24')
    expect(plan.hostAddress(plan.maxHosts)).toBe('192.168.7.254')
    expect(plan.broadcast).toBe('192.168.7.255')
  })

  it('carries into the next octet in a wide subnet', () => {
    expect(planned('10.10.0.0/16').hostAddress(300)).toBe('10.10.1.54')
  })

  it('counts the top of the address space as unsigned', () => {
    expect(planned('240.1.2.0/24').gateway).toBe('240.1.2.1')
  })

  it.each([
    ['10.10.10.0', 'is not an IPv4 subnet'],
    ['10.10.300.0/24', 'above 255'],
    ['10.10.10.0/30', 'from 16 to 27'],
    ['10.10.10.5/24', 'inside the subnet 10.10.10.0/24'],
    ['fd00::/64', 'is not an IPv4 subnet'],
  ])('refuses %s', (cidr, reason) => {
    expect(planAddresses(cidr)).toMatchObject({ code: 'invalid-subnet', message: expect.stringContaining(reason) })
  })
})

function planned(cidr: string): AddressPlan {
  const plan = planAddresses(cidr)
  if ('code' in plan) throw new Error(plan.message)
  return plan
}
