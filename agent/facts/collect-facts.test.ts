import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { FIXTURE_HOSTS, fixtureHost } from '../../test/support/fixture-host.ts'
import { collectFacts } from './collect-facts.ts'
import type { SecondSource } from './second-source.ts'

const signal = new AbortController().signal

describe('the inventory of a recorded host', () => {
  // The goldens were checked by hand against the trees; to accept a wanted change write the new facts to expected.json.
  it.each(['bare-metal-nvme-numa', 'raid', 'vm', 'container'])('%s gives exactly its expected facts', async name => {
    const expected: unknown = JSON.parse(readFileSync(join(FIXTURE_HOSTS, name, 'expected.json'), 'utf8'))
    const facts = await collectFacts({ host: fixtureHost(name), signal })
    expect(JSON.parse(JSON.stringify(facts))).toEqual(expected)
  })

  it('does not believe the Docker marker of an image that was booted as a virtual machine', async () => {
    const host = fixtureHost('vm')
    const stat = async (path: string) =>
      path === '/.dockerenv' ? host.files.stat('/etc/os-release') : host.files.stat(path)
    const facts = await collectFacts({ host: { ...host, files: { ...host.files, stat } }, signal })
    expect(facts.virtualization).toEqual({ value: 'vm', source: '/proc/cpuinfo flags' })
  })

  it('says "needs root" for what only root may read, and knows all the rest', async () => {
    const host = fixtureHost('bare-metal-nvme-numa')
    const readText = async (path: string) => {
      if (path.endsWith('product_serial')) throw new DroverError('denied', `${path}: permission denied`)
      return host.files.readText(path)
    }
    const facts = await collectFacts({ host: { ...host, files: { ...host.files, readText } }, signal })
    expect(facts.system.serial).toEqual({ unknown: 'needs root: /sys/class/dmi/id/product_serial' })
    expect(facts.system.product).toEqual({ value: 'PowerEdge R640', source: '/sys/class/dmi/id/product_name' })
  })

  it('leaves out a file system whose server refuses to answer', async () => {
    const host = fixtureHost('bare-metal-nvme-numa')
    const statfs = async (path: string) => {
      if (path === '/mnt/archive') throw new DroverError('failed', '/mnt/archive: ESTALE')
      return host.files.statfs(path)
    }
    const facts = await collectFacts({ host: { ...host, files: { ...host.files, statfs } }, signal })
    const mounts = facts.filesystems.map(({ mount }) => mount)
    expect(mounts).toEqual(['/', '/boot/efi', '/srv/pg data', '/var/lib/postgresql'])
  })

  it('stops when the work is aborted', async () => {
    const aborted = collectFacts({ host: fixtureHost('vm'), signal: AbortSignal.abort() })
    await expect(aborted).rejects.toThrow(/abort/)
  })
})

describe('an empty machine', () => {
  it('is all unknown, each fact with a reason', async () => {
    const { files, ...host } = fixtureHost('container')
    const nothing = {
      ...files,
      readText: async () => null,
      readBytes: async () => null,
      list: async () => null,
      stat: async () => null,
      readlink: async () => null,
    }
    const facts = await collectFacts({ host: { ...host, files: nothing, addresses: async () => ({}) }, signal })
    const single = [facts.kernel, facts.glibc, facts.icu, facts.architecture, facts.virtualization, facts.machineId]
    const grouped = [facts.os, facts.cpu, facts.memory, facts.cgroup, facts.system, facts.clock]
    for (const fact of [...single, ...grouped.flatMap(group => Object.values(group))]) {
      expect(fact).toEqual({ unknown: expect.stringMatching(/\w/) })
    }
    expect([facts.disks, facts.filesystems, facts.network, facts.numa, facts.packages]).toEqual([[], [], [], [], []])
  })
})

describe('the second source', () => {
  const second: SecondSource = {
    name: 'second',
    cpuModel: async () => 'Other CPU',
    disks: async () => ({ vda: { model: 'Other Disk', serial: 'OTHER' } }),
    system: async () => ({ vendor: 'Other Vendor', product: '', serial: '', uuid: '' }),
  }

  it('fills in what the kernel does not say and overrides nothing', async () => {
    const facts = await collectFacts({ host: fixtureHost('vm'), signal, second })
    expect(facts.disks[0]?.model).toEqual({ value: 'Other Disk', source: 'second' })
    expect(facts.disks[0]?.serial).toEqual({ value: 'SERIAL01', source: '/sys/block/vda/serial' })
    expect(facts.cpu.model).toEqual({ value: 'Intel(R) Xeon(R) Processor', source: '/proc/cpuinfo' })
    expect(facts.system.vendor).toEqual({ value: 'Other Vendor', source: 'second' })
    expect(facts.system.product).toEqual({ unknown: 'this machine has no DMI' })
  })

  it('changes nothing when it fails', async () => {
    const fail = async () => {
      throw new Error('no such program')
    }
    const broken: SecondSource = { name: 'broken', cpuModel: fail, disks: fail, system: fail }
    const host = fixtureHost('vm')
    expect(await collectFacts({ host, signal, second: broken })).toEqual(await collectFacts({ host, signal }))
  })
})
