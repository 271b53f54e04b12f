import { describe, expect, it } from 'vitest'
import { planAddresses } from './address-plan.ts'
import { hostConfig } from './host-config.ts'

const addresses = planAddresses('10.10.10.0/24')
if ('code' in addresses) throw new Error(addresses.message)
const files = hostConfig({ host: { name: 'node-2', address: '10.10.10.12' }, addresses, machineId: 'ab'.repeat(16) })

describe('the files that make an image one host', () => {
  it('names the host and gives it an identity of its own', () => {
    expect(files['/etc/hostname']).toEqual({ content: 'node-2\n' })
    expect(files['/etc/machine-id']).toEqual({ content: `${'ab'.repeat(16)}\n`, mode: 0o444 })
  })

  it('fixes its address, with a file that sorts before the one systemd brings', () => {
    const [path = '', network] = Object.entries(files).find(([name]) => name.endsWith('.network')) ?? []
    expect(path.split('/').at(-1)?.localeCompare('80-container-host0.network')).toBeLessThan(0)
    expect(network?.content).toContain('Address=10.10.10.12/24')
    expect(network?.content).not.toContain('Gateway')
  })

  it('knows every other host and this machine by name, added later or not', () => {
    const lines = files['/etc/hosts']?.content.split('\n')
    expect(lines).toContain('10.10.10.1 orchestrator')
    expect(lines).toContain('10.10.10.11 node-1')
    expect(lines).toContain('10.10.10.50 node-40')
  })
})
