import { type Fact, known, type NodeFacts, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import type { CgroupLimits } from './cgroup-limits.ts'
import { parseCpuList } from './cpu-list.ts'
import { createFactReader, firstKnown, mapFact } from './fact-reader.ts'

const CPUS = '/sys/devices/system/cpu'

/** Sockets, cores and threads from the kernel's topology of the CPUs that are online, and what the cgroups leave of them. */
export async function cpuFacts(host: Pick<Host, 'files'>, limits: CgroupLimits): Promise<NodeFacts['cpu']> {
  const reader = createFactReader(host.files)
  const online = await reader.parsed(`${CPUS}/online`, parseCpuList)
  const threads = mapFact(online, cpus => cpus.length)
  return {
    model: await reader.parsed('/proc/cpuinfo', text => /^model name\s*:\s*(\S.*)$/m.exec(text)?.[1]),
    sockets: await distinct('physical_package_id'),
    cores: await firstKnown(
      () => distinct('core_cpus_list'),
      () => distinct('thread_siblings_list'),
    ),
    threads,
    effective: effectiveCpus(threads, limits),
  }

  /** How many different values the topology file has over all CPUs: threads of one core name the same list of siblings. */
  async function distinct(file: string): Promise<Fact<number>> {
    if ('unknown' in online) return online
    const values = new Set<string>()
    for (const cpu of online.value) {
      const value = await reader.text(`${CPUS}/cpu${cpu}/topology/${file}`)
      if ('unknown' in value) return value
      // Firmware of some ARM machines does not tell the package: the kernel says -1.
      if (value.value === '-1') return unknown(`${value.source} says "-1"`)
      values.add(value.value)
    }
    return known(values.size, `${CPUS}/cpu*/topology/${file}`)
  }
}

/** min(threads, cpuset, quota), in threads; the source names the part that binds. */
export function effectiveCpus(threads: Fact<number>, limits: CgroupLimits): Fact<number> {
  if ('unknown' in threads) return threads
  const bounds = [threads, limits.cpusetCount, limits.cpuQuota]
  let least: { readonly value: number; readonly source: string } = threads
  for (const bound of bounds) {
    if ('unknown' in bound || bound.value === null || bound.value >= least.value) continue
    least = { value: bound.value, source: bound.source }
  }
  return least
}
