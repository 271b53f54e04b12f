import type { NumaNodeFacts } from '../../shared/domain/facts.ts'
import { factOr } from '../../shared/domain/facts.ts'
import type { Host } from '../host/host.ts'
import { parseCpuList } from './cpu-list.ts'
import { createFactReader } from './fact-reader.ts'
import { kilobytes } from './memory-facts.ts'

const NODES = '/sys/devices/system/node'

/** The NUMA nodes; none when the kernel was built without NUMA. */
export async function numaFacts(host: Pick<Host, 'files'>): Promise<readonly NumaNodeFacts[]> {
  const reader = createFactReader(host.files)
  const names = (await host.files.list(NODES)) ?? []
  const ids = names.flatMap(name => /^node(\d+)$/.exec(name)?.[1] ?? []).map(Number)
  const nodes = ids
    .toSorted((a, b) => a - b)
    .map(async id => ({
      id,
      cpus: factOr(await reader.parsed(`${NODES}/node${id}/cpulist`, parseCpuList), []),
      memoryBytes: await reader.parsed(`${NODES}/node${id}/meminfo`, text => kilobytes(text, 'MemTotal')),
      distances: factOr(await reader.parsed(`${NODES}/node${id}/distance`, text => text.split(/\s+/).map(Number)), []),
    }))
  return Promise.all(nodes)
}
