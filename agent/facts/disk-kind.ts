import { type DiskKind, type Fact, known, unknown } from '../../shared/domain/facts.ts'

const VIRTUAL_NAME = /^(vd|xvd|rbd|nbd|drbd|pmem)/
/** NVMe and SCSI disks that a hypervisor or a cloud makes up. */
const VIRTUAL_MODEL =
  /QEMU|VMware|VBOX|Virtual (HD|disk)|Amazon Elastic Block Store|nvme_card-pd|PersistentDisk|MSFT NVMe|BlockVolume/i
const VIRTUAL_VENDOR = /^(QEMU|VMware|Msft|Google|Xen|VBOX|Nutanix|ORACLE)$/i
/** Controllers that show an array of disks as one; what is behind it cannot be seen from here. */
const ARRAY_MODEL = /PERC|MegaRAID|MR\d{4}|ServeRAID|LOGICAL VOLUME|SmartArray|RAID|Logical Drive/i

/** What is really behind the name. A guest's disk is `virtual` whatever it claims to be: its "rotational" is the hypervisor's word. */
export function diskKind(disk: {
  readonly name: string
  readonly vendor: Fact<string>
  readonly model: Fact<string>
  readonly rotational: Fact<boolean>
}): Fact<DiskKind> {
  const { name, vendor, model, rotational } = disk
  if (/^md\w/.test(name)) return known('raid', `device name ${name}`)
  if (VIRTUAL_NAME.test(name)) return known('virtual', `device name ${name}`)
  if ('value' in vendor && VIRTUAL_VENDOR.test(vendor.value)) return known('virtual', vendor.source)
  if ('value' in model && VIRTUAL_MODEL.test(model.value)) return known('virtual', model.source)
  if ('value' in model && ARRAY_MODEL.test(model.value)) return known('raid', model.source)
  if (name.startsWith('nvme')) return known('nvme', `device name ${name}`)
  if (!/^(sd|hd|mmcblk|ub)/.test(name)) return unknown(`${name} is no kind of disk that is known`)
  if ('unknown' in rotational) return rotational
  return known(rotational.value ? 'hdd' : 'ssd', rotational.source)
}
