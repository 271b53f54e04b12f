import { describe, expect, it } from 'vitest'
import { createHost, type Host } from '../host/host.ts'
import { hasVolatileCache } from './volatile-cache.ts'

const LINKS: Readonly<Record<string, string>> = {
  '/sys/dev/block/8:2': '../../devices/pci0000:00/ata1/block/sda/sda2',
  '/sys/dev/block/259:1': '../../devices/pci0000:16/nvme/nvme0/nvme0n1',
}
const TEXTS: Readonly<Record<string, string>> = {
  '/proc/self/mountinfo': [
    '30 1 8:2 / / rw - ext4 /dev/sda2 rw',
    '40 30 259:1 / /srv/pg rw - xfs /dev/nvme0n1 rw',
    '50 30 0:52 / /srv/nfs rw - nfs4 filer:/x rw',
  ].join('\n'),
  '/sys/devices/pci0000:00/ata1/block/sda/queue/write_cache': 'write back\n',
  '/sys/devices/pci0000:16/nvme/nvme0/nvme0n1/queue/write_cache': 'write through\n',
}
const { files } = createHost({ root: '/nonexistent' })
const host: Pick<Host, 'files'> = {
  files: { ...files, readText: async path => TEXTS[path] ?? null, readlink: async path => LINKS[path] ?? null },
}

describe('the write cache below a directory', () => {
  it('is that of the disk, also when a partition is mounted', async () => {
    expect(await hasVolatileCache(host, '/var/lib/postgresql')).toBe(true)
    expect(await hasVolatileCache(host, '/srv/pg/data')).toBe(false)
  })

  it('takes whole names of folders only', async () => {
    expect(await hasVolatileCache(host, '/srv/pg-other')).toBe(true)
  })

  it('is not known where no disk can be asked', async () => {
    expect(await hasVolatileCache(host, '/srv/nfs/data')).toBeNull()
  })
})
