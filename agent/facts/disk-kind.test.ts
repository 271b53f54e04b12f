import { describe, expect, it } from 'vitest'
import { known, unknown } from '../../shared/domain/facts.ts'
import { diskKind } from './disk-kind.ts'

describe('the kind of a disk', () => {
  it.each([
    ['nvme0n1', '', 'SAMSUNG MZQL21T9HCJR-00A07', false, 'nvme'],
    ['nvme0n1', '', 'Amazon Elastic Block Store', false, 'virtual'],
    ['nvme1n1', '', 'Amazon EC2 NVMe Instance Storage', false, 'nvme'],
    ['vda', '', '', true, 'virtual'],
    ['sda', 'QEMU', 'QEMU HARDDISK', true, 'virtual'],
    ['sda', 'ATA', 'QEMU HARDDISK', true, 'virtual'],
    ['sda', 'Msft', 'Virtual Disk', false, 'virtual'],
    ['sda', 'Google', 'PersistentDisk', false, 'virtual'],
    ['sda', 'VMware', 'Virtual disk', true, 'virtual'],
    ['sda', 'DELL', 'PERC H740P Mini', true, 'raid'],
    ['sda', 'HPE', 'LOGICAL VOLUME', false, 'raid'],
    ['sda', 'SEAGATE', 'ST1200MM0099', true, 'hdd'],
    ['sda', 'ATA', 'MTFDDAK480TDS', false, 'ssd'],
    ['md127', '', '', false, 'raid'],
    ['mmcblk0', '', '', false, 'ssd'],
  ])('%s of %s "%s" (rotational %s) is %s', (name, vendor, model, rotational, kind) => {
    expect(
      diskKind({ name, vendor: text(vendor), model: text(model), rotational: known(rotational, 'queue') }),
    ).toMatchObject({
      value: kind,
    })
  })

  it('is unknown for a device of no known family, and when the kernel does not say whether it rotates', () => {
    const silent = { vendor: unknown('absent'), model: unknown('absent') }
    expect(diskKind({ name: 'zd0', ...silent, rotational: known(false, 'queue') })).toHaveProperty('unknown')
    expect(diskKind({ name: 'sda', ...silent, rotational: unknown('absent') })).toEqual({ unknown: 'absent' })
  })
})

function text(value: string) {
  return value === '' ? unknown('absent') : known(value, 'device')
}
