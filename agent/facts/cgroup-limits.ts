import { type Fact, known, type NodeFacts, unknown } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { type CgroupPlace, cgroupPlaces } from './cgroup-places.ts'
import { parseCpuList } from './cpu-list.ts'
import { createFactReader, type FactReader } from './fact-reader.ts'

/** What the control groups above the agent leave of the machine. null: no limit. */
export interface CgroupLimits {
  readonly version: NodeFacts['cgroup']['version']
  /** CPUs that the tightest quota allows; may be fractional. */
  readonly cpuQuota: Fact<number | null>
  /** How many CPUs the cpuset allows. */
  readonly cpusetCount: Fact<number | null>
  readonly memoryLimitBytes: Fact<number | null>
}

/**
 * The tightest limit on the way from the agent's slice to the root. The agent's own service or scope is left out: its limits bind
 * the agent, not the databases beside it. Limits outside of a container's namespace cannot be seen from inside.
 */
export async function cgroupLimits(host: Pick<Host, 'files'>): Promise<CgroupLimits> {
  const places = await cgroupPlaces(host)
  if ('unknown' in places) {
    return { version: places, cpuQuota: places, cpusetCount: places, memoryLimitBytes: places }
  }
  const reader = createFactReader(host.files)
  const { version, byController } = places.value
  const tightest = async (controller: keyof typeof byController, read: LimitReader) => {
    const place = byController[controller]
    return place === undefined
      ? unknown(`no ${controller} controller is mounted`)
      : tightestOf(await Promise.all(place.directories.map(directory => read(reader, place, directory))), place)
  }
  return {
    version: known(version, '/proc/self/mountinfo'),
    cpuQuota: await tightest('cpu', cpuQuotaAt),
    cpusetCount: await tightest('cpuset', cpusetAt),
    memoryLimitBytes: await tightest('memory', memoryLimitAt),
  }
}

type LimitReader = (reader: FactReader, place: CgroupPlace, directory: string) => Promise<Fact<number | null>>

/** A directory without the file has no limit of that kind (the root group, or a controller that is not enabled there). */
function tightestOf(limits: readonly Fact<number | null>[], place: CgroupPlace): Fact<number | null> {
  let least: Fact<number | null> = known(null, place.directories[0] ?? '/proc/self/cgroup')
  for (const limit of limits) {
    if ('unknown' in limit || limit.value === null) continue
    if ('unknown' in least || least.value === null || limit.value < least.value) least = limit
  }
  return least
}

async function cpuQuotaAt(reader: FactReader, place: CgroupPlace, directory: string): Promise<Fact<number | null>> {
  if (place.version === 'v2') return reader.parsed(`${directory}/cpu.max`, parseCpuMax)
  const quota = await reader.parsed(`${directory}/cpu.cfs_quota_us`, text =>
    /^-?\d+$/.test(text) ? Number(text) : undefined,
  )
  if ('unknown' in quota || quota.value <= 0) return 'unknown' in quota ? quota : known(null, quota.source)
  const period = await reader.count(`${directory}/cpu.cfs_period_us`)
  return 'unknown' in period ? period : known(quota.value / period.value, quota.source)
}

/** `max 100000` or `150000 100000`: microseconds of CPU time in each period of microseconds. */
export function parseCpuMax(text: string): number | null | undefined {
  const match = /^(max|\d+) ([1-9]\d*)$/.exec(text)
  if (match === null) return undefined
  return match[1] === 'max' ? null : Number(match[1]) / Number(match[2])
}

async function cpusetAt(reader: FactReader, place: CgroupPlace, directory: string): Promise<Fact<number | null>> {
  const file = place.version === 'v2' ? 'cpuset.cpus.effective' : 'cpuset.effective_cpus'
  // An empty set means that the group inherits its parent's.
  return reader.parsed(`${directory}/${file}`, text => {
    const cpus = parseCpuList(text)
    return cpus === undefined ? undefined : cpus.length === 0 ? null : cpus.length
  })
}

/** memory.high counts too: above it the kernel throttles, which stalls a database as surely as a limit. */
async function memoryLimitAt(reader: FactReader, place: CgroupPlace, directory: string): Promise<Fact<number | null>> {
  if (place.version === 'v1') return reader.parsed(`${directory}/memory.limit_in_bytes`, parseBytes)
  const max = await reader.parsed(`${directory}/memory.max`, parseBytes)
  const high = await reader.parsed(`${directory}/memory.high`, parseBytes)
  return tightestOf([max, high], place)
}

/** v1 writes "no limit" as the largest page-aligned number, v2 as `max`. */
export function parseBytes(text: string): number | null | undefined {
  if (text === 'max') return null
  if (!/^\d+$/.test(text)) return undefined
  return Number(text) > Number.MAX_SAFE_INTEGER ? null : Number(text)
}
