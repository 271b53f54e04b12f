import { type Fact, known, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { createFactReader } from './fact-reader.ts'

/** Inode of the kernel's first PID namespace (PROC_PID_INIT_INO); a container has a namespace of its own. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]'
const VIRTUAL_DMI =
  /QEMU|KVM|VMware|VirtualBox|innotek|Xen|Bochs|Parallels|OpenStack|Google Compute|Amazon EC2|Virtual Machine|BHYVE|Nutanix|oVirt|RHEV/i

/**
 * Container, virtual machine or neither. Marker files alone are not believed: images made for Docker keep their /.dockerenv when
 * they are booted as a virtual machine.
 */
export async function virtualizationFact(host: Pick<Host, 'files'>): Promise<Fact<'none' | 'vm' | 'container'>> {
  const namespace = await host.files.readlink('/proc/self/ns/pid')
  if (namespace !== FIRST_PID_NAMESPACE) {
    const marker = await containerMarker(host)
    if (marker !== null) return known('container', marker)
    if (namespace !== null) return known('container', '/proc/self/ns/pid')
  }
  return machineFact(host)
}

async function containerMarker(host: Pick<Host, 'files'>): Promise<string | null> {
  for (const path of ['/run/systemd/container', '/run/host/container-manager', '/run/.containerenv', '/.dockerenv']) {
    if ((await host.files.stat(path)) !== null) return path
  }
  return null
}

/** The `hypervisor` CPU flag is set by every hypervisor on x86, and by no bare metal, whatever its vendor says in DMI. */
async function machineFact(host: Pick<Host, 'files'>): Promise<Fact<'none' | 'vm'>> {
  const reader = createFactReader(host.files)
  const flags = await reader.parsed('/proc/cpuinfo', text => /^flags\s*:(.*)$/m.exec(text)?.[1]?.trim().split(' '))
  if (!('unknown' in flags)) return known(flags.value.includes('hypervisor') ? 'vm' : 'none', '/proc/cpuinfo flags')
  for (const path of ['/sys/class/dmi/id/sys_vendor', '/sys/class/dmi/id/product_name']) {
    const text = await reader.text(path)
    if (!('unknown' in text) && VIRTUAL_DMI.test(text.value)) return known('vm', path)
  }
  if ((await host.files.stat('/proc/device-tree/hypervisor')) !== null)
    return known('vm', '/proc/device-tree/hypervisor')
  return unknown('this architecture has no hypervisor flag and the firmware names no hypervisor')
}
