import { createHash } from 'node:crypto'
import type { NodeFacts } from '../../shared/domain/facts.ts'

/** Free space counts in steps of a twentieth of the file system. */
const SPACE_STEPS = 20

/**
 * SHA-256 (hex) of what the node is. Equal for equal content, whatever the order of keys. Values that move all the time do not
 * count: free huge pages not at all, free space in steps of 5 % of the file system. Hence the body travels only when something is
 * new; the exact free space of a moment belongs in the heartbeat.
 */
export function factsHash(facts: NodeFacts): string {
  return createHash('sha256')
    .update(canonicalJson(steady(facts)))
    .digest('hex')
}

function steady(facts: NodeFacts): unknown {
  const { hugepages } = facts.memory
  return {
    ...facts,
    memory: {
      ...facts.memory,
      hugepages: 'unknown' in hugepages ? hugepages : { ...hugepages, value: { ...hugepages.value, free: 0 } },
    },
    filesystems: facts.filesystems.map(filesystem => ({
      ...filesystem,
      availableBytes: Math.floor((filesystem.availableBytes / Math.max(1, filesystem.sizeBytes)) * SPACE_STEPS),
    })),
  }
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
