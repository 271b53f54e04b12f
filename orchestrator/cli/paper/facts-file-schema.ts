import { z } from 'zod'
import { nodeFactsSchema } from './node-facts-schema.ts'

const positive = z.number().positive()

export const diskSchema = z.strictObject({
  name: z.string().min(1).exactOptional(),
  kind: z.enum(['nvme', 'ssd', 'hdd', 'virtual', 'raid', 'unknown']).exactOptional(),
  sizeBytes: z.number().nonnegative().exactOptional(),
  usedBytes: z.number().nonnegative().exactOptional(),
})

export const hardwareSchema = z.strictObject({
  cores: positive.exactOptional(),
  threads: positive.exactOptional(),
  memoryBytes: positive.exactOptional(),
  disks: z.array(diskSchema).default([]),
  fsync: z.strictObject({ p50Micros: positive, p99Micros: positive }).exactOptional(),
})

/** What `drover node list --json` writes of a host, and what a person writes: the same keys, fewer of them. */
export const nodeSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, 'must be a host name'),
  id: z.string().min(1).exactOptional(),
  state: z.enum(['pending', 'ready', 'silent', 'draining', 'removed']).default('ready'),
  address: z.string().exactOptional(),
  labels: z.record(z.string(), z.string()).default({}),
  os: z.string().exactOptional(),
  architecture: z.enum(['amd64', 'arm64']).default('amd64'),
  hardware: hardwareSchema.nullable().exactOptional(),
  facts: nodeFactsSchema.nullable().exactOptional(),
  agentVersion: z.unknown().optional(),
  generation: z.unknown().optional(),
  lastSeenMs: z.unknown().optional(),
  clockOffsetMs: z.unknown().optional(),
  pendingReason: z.unknown().optional(),
  warnings: z.unknown().optional(),
})

export const factsFileSchema = z.strictObject({
  nodes: z.array(nodeSchema).min(1, 'names no host'),
  /** Versions on offer, by OS and package name. */
  packages: z.record(z.string(), z.record(z.string(), z.string())).default({}),
})

export type StatedNode = z.infer<typeof nodeSchema>
