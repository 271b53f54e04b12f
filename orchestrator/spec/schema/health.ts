import { z } from 'zod'
import { count, size } from './quantity.ts'

/** Two values: from the first on it is a warning, from the second on critical. */
function threshold(value: z.ZodType<number>, worse: 'more' | 'less') {
  return z
    .array(value)
    .length(2)
    .refine(([warning = 0, critical = 0]) => (worse === 'more' ? warning <= critical : warning >= critical), {
      error: 'first the value from which on it is a warning, then the one from which on it is critical',
    })
    .transform(([warning = 0, critical = 0]) => ({ warning, critical }))
}

const share = z.number().min(0).max(1)
const seconds = z.number().min(0).max(31_536_000)
const age = count(1_000_000, 2_147_483_647)

/** One line a threshold; docs/health.md has what they are when nothing is said. */
export const health = z.strictObject({
  clockOffsetSeconds: threshold(seconds, 'more')
    .exactOptional()
    .describe("Between a node's clock and the orchestrator's: [warning, critical]."),
  diskFree: threshold(share, 'less').exactOptional().describe('Share of a file system that is free.'),
  inodesFree: threshold(share, 'less').exactOptional().describe('Share of the inodes that are free.'),
  transactionAge: threshold(age, 'more').exactOptional().describe('Of the oldest transaction id of a database.'),
  multixactAge: threshold(age, 'more').exactOptional().describe('Of the oldest multixact id of a database.'),
  sequenceUsed: threshold(share, 'more').exactOptional().describe('Share of the numbers of a sequence.'),
  slotBytes: threshold(size, 'more').exactOptional().describe('WAL that a slot without a reader holds.'),
  archiveBacklog: threshold(count(0, 1_000_000), 'more')
    .exactOptional()
    .describe('WAL files that wait while archiving fails.'),
  preparedSeconds: threshold(seconds, 'more').exactOptional().describe('Of the oldest prepared transaction.'),
  etcdQuotaUsed: threshold(share, 'more').exactOptional().describe("Share of etcd's quota."),
})
