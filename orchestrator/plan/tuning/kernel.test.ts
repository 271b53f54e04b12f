import { describe, expect, it } from 'vitest'
import { known } from '../../../shared/domain/facts.ts'
import type { SnapshotNode } from '../../../shared/domain/snapshot.ts'
import { specOf } from '../../../test/support/plan-runner.ts'
import { aNode, type NodeSketch } from '../../../test/support/snapshot-builder.ts'
import { renderKernel } from '../render/kernel.ts'
import { kernelFor } from './kernel.ts'

const GIB = 1024 ** 3
const MIB = 1024 ** 2

describe('the kernel of a host with instances', () => {
  it('has huge pages for their shared memory, rounded up, and no more', () => {
    const one = pagesOf(host({ memoryBytes: 64 * GIB }), { shared_buffers: '16GB', wal_buffers: '16MB' })
    expect(one).toBeGreaterThan((16 * GIB) / (2 * MIB))
    expect(one).toBeLessThan(((16 * GIB) / (2 * MIB)) * 1.05)
  })

  it('has none where they could not be used', () => {
    const settings = { shared_buffers: '2GB' }
    expect(pagesOf(host({ memoryBytes: 4 * GIB }), settings)).toBe(0)
    expect(pagesOf(aNode({ name: 'n', memoryBytes: 64 * GIB }), settings)).toBe(0)
    expect(pagesOf(host({ memoryBytes: 16 * GIB }), { shared_buffers: '10GB' })).toBe(0)
  })

  it('follows the strictest of its clusters', () => {
    const of = (...workloads: readonly string[]): number =>
      Number(sysctl(host({ memoryBytes: 64 * GIB }), workloads)['vm.dirty_background_bytes'])
    expect(of('olap')).toBeGreaterThan(of('oltp'))
    expect(of('olap', 'crit')).toBe(of('crit'))
    expect(sysctl(host({}), ['tiny'])['vm.swappiness']).toBe('10')
    expect(sysctl(host({}), ['tiny', 'mixed'])['vm.swappiness']).toBe('1')
  })

  it('settles NUMA only where there is more than one node', () => {
    const numa = [0, 1].map(id => ({ id, cpus: [id], memoryBytes: known(GIB, 'test'), distances: [] }))
    const plain = host({})
    const split = { ...plain, ...(plain.facts === undefined ? {} : { facts: { ...plain.facts, numa } }) }
    expect(sysctl(plain, ['oltp'])).not.toHaveProperty(['kernel.numa_balancing'])
    expect(sysctl(split, ['oltp'])['kernel.numa_balancing']).toBe('0')
  })

  it('is somebody else’s in a container: only the network of its own is touched', () => {
    const node = host({})
    const contained = {
      ...node,
      ...(node.facts === undefined
        ? {}
        : { facts: { ...node.facts, virtualization: known('container' as const, 'test') } }),
    }
    const names = Object.keys(sysctl(contained, ['oltp']))
    expect(names.filter(name => !name.startsWith('net.ipv4.') && name !== 'net.core.somaxconn')).toEqual([])
    expect(names.length).toBeGreaterThan(5)
  })

  it('says of each setting why', () => {
    const { settings, explanations } = kernelFor(host({}), tenants(['oltp'], {}))
    const names = [...Object.keys(settings.sysctl), 'transparent_hugepage']
    expect(explanations.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
    for (const { because, from } of explanations) expect(because.length * from.length).toBeGreaterThan(0)
  })
})

describe('the kernel’s part of a manifest', () => {
  const { files = [], units = [] } = renderKernel({
    sysctl: { 'vm.swappiness': '1' },
    transparentHugepages: 'madvise',
  })

  it('is a file that is read at every boot, and applied when it changes', () => {
    expect(files[0]).toMatchObject({
      path: '/etc/sysctl.d/60-drover.conf',
      content: expect.stringContaining('\nvm.swappiness = 1\n'),
      reactions: [{ unit: 'drover-kernel.service', verb: 'restart' }],
    })
    expect(units).toMatchObject([{ name: 'drover-kernel.service', enablement: 'enabled', state: 'started' }])
  })

  it('never fails on a host that refuses', () => {
    const commands = files[1]?.content.split('\n').filter(line => line.startsWith('ExecStart='))
    expect(commands?.length).toBe(2)
    for (const command of commands ?? []) expect(command).toMatch(/^ExecStart=-/)
  })
})

function host(sketch: Omit<NodeSketch, 'name'>): SnapshotNode {
  const node = aNode({ ...sketch, name: 'n' })
  const { facts } = node
  if (facts === undefined) return node
  const hugepages = known({ sizeBytes: 2 * MIB, total: 0, free: 0 }, '/proc/meminfo')
  return { ...node, facts: { ...facts, memory: { ...facts.memory, hugepages } } }
}

function tenants(workloads: readonly string[], settings: Readonly<Record<string, string>>) {
  const text = workloads.map((workload, index) => `  - name: pg${index}\n    workload: ${workload}`).join('\n')
  return specOf(text).clusters.map(cluster => ({ cluster, settings }))
}

function sysctl(node: SnapshotNode, workloads: readonly string[]): Readonly<Record<string, string>> {
  return kernelFor(node, tenants(workloads, { shared_buffers: '1GB' })).settings.sysctl
}

function pagesOf(node: SnapshotNode, settings: Readonly<Record<string, string>>): number {
  return Number(kernelFor(node, tenants(['oltp'], settings)).settings.sysctl['vm.nr_hugepages'] ?? 0)
}
