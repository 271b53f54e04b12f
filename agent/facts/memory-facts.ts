import { type Fact, known, type NodeFacts } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import type { CgroupLimits } from './cgroup-limits.ts'
import { createFactReader } from './fact-reader.ts'

const MEMINFO = '/proc/meminfo'

export async function memoryFacts(host: Pick<Host, 'files'>, limits: CgroupLimits): Promise<NodeFacts['memory']> {
  const reader = createFactReader(host.files)
  const totalBytes = await reader.parsed(MEMINFO, text => kilobytes(text, 'MemTotal'))
  return {
    totalBytes,
    effectiveBytes: effectiveMemory(totalBytes, limits.memoryLimitBytes),
    swapBytes: await reader.parsed(MEMINFO, text => kilobytes(text, 'SwapTotal')),
    hugepages: await reader.parsed(MEMINFO, parseHugepages),
  }
}

/** min(machine, cgroup limit). */
export function effectiveMemory(total: Fact<number>, limit: Fact<number | null>): Fact<number> {
  if ('unknown' in total || 'unknown' in limit || limit.value === null) return total
  return limit.value < total.value ? known(limit.value, limit.source) : total
}

/** Of the default page size; pools of other sizes are not used by PostgreSQL unless it is told so. */
function parseHugepages(text: string) {
  const sizeBytes = kilobytes(text, 'Hugepagesize')
  const total = field(text, 'HugePages_Total')
  const free = field(text, 'HugePages_Free')
  return sizeBytes === undefined || total === undefined || free === undefined ? undefined : { sizeBytes, total, free }
}

export function kilobytes(meminfo: string, name: string): number | undefined {
  const count = field(meminfo, name)
  return count === undefined ? undefined : count * 1024
}

function field(meminfo: string, name: string): number | undefined {
  const match = new RegExp(`^(?:Node \\d+ )?${name}:\\s*(\\d+)`, 'm').exec(meminfo)
  return match === null ? undefined : Number(match[1])
}
