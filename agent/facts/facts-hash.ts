import { createHash } from 'node:crypto'
import type { NodeFacts } from '../../shared/domain/facts.ts'
import { mapFact } from './fact-reader.ts'

/** Free space counts in steps of a twentieth of the file system. */
const SPACE_STEPS = 20

/**
 * SHA-256 (hex) of what the node is. Equal for equal content, whatever the order of keys. Values that move all the time do not
 * count: free huge pages not at all, free space in steps of 5 % of the file system, the memory of a NUMA node (a virtual machine's
 * balloon moves it) in steps of a tenth. Hence the body travels only when something is
 * new; the exact free space of a moment belongs in the heartbeat.
 */
export function factsHash(facts: NodeFacts): string {
  return createHash('sha256')
    .update(canonicalJson(steady(facts)))
    .digest('hex')
}

function steady(facts: NodeFacts): unknown {
  return {
    ...facts,
    memory: {
      ...facts.memory,
      hugepages: mapFact(facts.memory.hugepages, pages => ({ ...pages, free: 0 })),
    },
    numa: facts.numa.map(node => ({ ...node, memoryBytes: mapFact(node.memoryBytes, toTenths) })),
    filesystems: facts.filesystems.map(filesystem => ({
      ...filesystem,
      availableBytes: Math.floor((filesystem.availableBytes / Math.max(1, filesystem.sizeBytes)) * SPACE_STEPS),
    })),
  }
}

/** Steps that grow with the value, each 10 % above the one before. */
function toTenths(bytes: number): number {
  return Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1.1))
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
