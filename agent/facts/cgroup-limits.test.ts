import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factOr, known, unknown } from '../../shared/domain/facts.ts'
import { type CgroupLimits, cgroupLimits, parseBytes, parseCpuMax } from './cgroup-limits.ts'
import { effectiveCpus } from './cpu-facts.ts'
import { effectiveMemory } from './memory-facts.ts'

describe('limits of control groups', () => {
  const v2 = '35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw'

  it('takes the tightest of the slice and its parents', async () => {
    const limits = await limitsOf({
      '/proc/self/mountinfo': v2,
      '/proc/self/cgroup': '0::/machine.slice/host.slice',
      '/sys/fs/cgroup/machine.slice/cpu.max': '200000 100000',
      '/sys/fs/cgroup/machine.slice/host.slice/cpu.max': '300000 100000',
      '/sys/fs/cgroup/machine.slice/memory.max': 'max',
      '/sys/fs/cgroup/machine.slice/host.slice/memory.max': '1073741824',
      '/sys/fs/cgroup/cpuset.cpus.effective': '0-7,16-23',
      '/sys/fs/cgroup/machine.slice/cpuset.cpus.effective': '0-3',
    })
    expect(limits.cpuQuota).toEqual({ value: 2, source: '/sys/fs/cgroup/machine.slice/cpu.max' })
    expect(limits.cpusetCount).toEqual({ value: 4, source: '/sys/fs/cgroup/machine.slice/cpuset.cpus.effective' })
    expect(limits.memoryLimitBytes).toEqual({
      value: 1073741824,
      source: '/sys/fs/cgroup/machine.slice/host.slice/memory.max',
    })
  })

  it("leaves out the limits of the agent's own service, which do not bind the databases beside it", async () => {
    const limits = await limitsOf({
      '/proc/self/mountinfo': v2,
      '/proc/self/cgroup': '0::/system.slice/drover-agent.service',
      '/sys/fs/cgroup/system.slice/drover-agent.service/memory.max': '67108864',
      '/sys/fs/cgroup/system.slice/drover-agent.service/cpu.max': '5000 100000',
    })
    expect(factOr(limits.memoryLimitBytes, -1)).toBeNull()
    expect(factOr(limits.cpuQuota, -1)).toBeNull()
  })

  it('cuts off the part of the tree that a container cannot see', async () => {
    const limits = await limitsOf({
      '/proc/self/mountinfo': '35 24 0:30 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
      '/proc/self/cgroup': '5:memory:/docker/abc/inner\n1:name=systemd:/docker/abc',
      '/sys/fs/cgroup/memory/inner/memory.limit_in_bytes': '9223372036854771712',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '536870912',
    })
    expect(limits.version).toEqual({ value: 'v1', source: '/proc/self/mountinfo' })
    expect(limits.memoryLimitBytes).toEqual({
      value: 536870912,
      source: '/sys/fs/cgroup/memory/memory.limit_in_bytes',
    })
    expect(limits.cpuQuota).toEqual({ unknown: 'no cpu controller is mounted' })
  })

  it('reads every way to write "no limit"', () => {
    expect(parseCpuMax('max 100000')).toBeNull()
    expect(parseBytes('max')).toBeNull()
    expect(parseBytes('9223372036854771712')).toBeNull()
    expect(parseCpuMax('150000 100000')).toBe(1.5)
    expect(parseCpuMax('150000 0')).toBeUndefined()
    expect(parseBytes('-1')).toBeUndefined()
  })
})

describe('what a host may really use', () => {
  const positive = fc.double({ min: 0.01, max: 4096, noNaN: true })
  const limit = fc.option(positive, { nil: null })

  it('is never more than its threads, nor than any limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 512 }), limit, limit, (threads, quota, cpuset) => {
        const limits = limitsWith({ cpuQuota: quota, cpusetCount: cpuset })
        const effective = factOr(effectiveCpus(known(threads, 'online'), limits), -1)
        expect(effective).toBe(Math.min(threads, quota ?? threads, cpuset ?? threads))
      }),
    )
  })

  it('names the part that binds', () => {
    const limits = limitsWith({ cpuQuota: 1.5, cpusetCount: 4 })
    expect(effectiveCpus(known(8, 'online'), limits)).toEqual({ value: 1.5, source: 'cpuQuota' })
    expect(effectiveCpus(known(1, 'online'), limits)).toEqual({ value: 1, source: 'online' })
  })

  it('is unknown when the hardware is, whatever the limits say', () => {
    const limits = limitsWith({ cpuQuota: 1, cpusetCount: 1 })
    expect(effectiveCpus(unknown('no sysfs'), limits)).toEqual({ unknown: 'no sysfs' })
    expect(effectiveMemory(unknown('no procfs'), known(1, 'memory.max'))).toEqual({ unknown: 'no procfs' })
  })

  it('is the memory of the machine when the limit is above it', () => {
    expect(effectiveMemory(known(100, 'meminfo'), known(200, 'memory.max'))).toEqual({ value: 100, source: 'meminfo' })
    expect(effectiveMemory(known(100, 'meminfo'), known(50, 'memory.max'))).toEqual({ value: 50, source: 'memory.max' })
  })
})

function limitsWith(values: { readonly cpuQuota: number | null; readonly cpusetCount: number | null }): CgroupLimits {
  return {
    version: known('v2', 'test'),
    cpuQuota: known(values.cpuQuota, 'cpuQuota'),
    cpusetCount: known(values.cpusetCount, 'cpusetCount'),
    memoryLimitBytes: known(null, 'test'),
  }
}

async function limitsOf(files: Readonly<Record<string, string>>): Promise<CgroupLimits> {
  const { createHost } = await import('../host/host.ts')
  const host = createHost({ root: '/nonexistent' })
  return cgroupLimits({ files: { ...host.files, readText: async path => files[path] ?? null } })
}
