import { z } from 'zod'
import { CLUSTER_RULE } from './names.ts'
import { labels, network } from './schema/address.ts'
import { cluster } from './schema/cluster.ts'
import { health } from './schema/health.ts'
import { count, size } from './schema/quantity.ts'
import { name } from './schema/text.ts'
import { upgrades } from './schema/upgrades.ts'

/**
 * The shape of a fleet file, key by key, with defaults and one description each; json-schema.ts publishes it. Rules
 * that span several keys are in rules/. deploy/examples/reference.yml and docs/spec.md show every key; tests hold them to it.
 */
const limits = z.strictObject({
  cores: z.number().min(0.1).max(4).default(1).describe('Share of the hardware threads; above 1 overcommits.'),
  memory: z.number().min(0.1).max(1).default(0.85).describe('Share of the memory.'),
  disk: z.number().min(0.1).max(1).default(0.8).describe('Share of the disk.'),
})

const fleet = z.strictObject({
  name: name(CLUSTER_RULE).describe('Of the fleet.'),
  clientNetworks: z
    .array(network)
    .default([])
    .describe('Networks that may reach the services and log in, besides the members of a cluster.'),
  limits: limits.prefault({}).describe('How much of what a node really has its members may demand together.'),
  kernel: z
    .enum(['manage', 'leave'])
    .default('manage')
    .describe('`manage`: Drover sets what PostgreSQL needs of the kernel. `leave`: it only says what it would set.'),
  drift: z
    .enum(['report', 'repair'])
    .default('report')
    .describe(
      '`report`: drift is shown. `repair`: Drover itself begins an apply of what was applied, which restarts no server.',
    ),
  health: health.prefault({}).describe('Thresholds of findings that are to be others than docs/health.md says.'),
  upgrades: upgrades.prefault({}).describe('How the fleet is upgraded when the command line says nothing else.'),
})

const etcd = z.strictObject({
  members: count(1, 7)
    .refine(members => members % 2 === 1, {
      error: issue => `${String(issue.input)} etcd members cannot form a useful majority: the number must be odd`,
      params: {
        code: 'even-etcd-members',
        hint: 'Use 1, 3, 5 or 7: an even number tolerates no more failures than one less.',
      },
    })
    .meta({ enum: [1, 3, 5, 7] })
    .default(3)
    .describe('Odd; three survive the loss of one. Chosen once.'),
  labels: labels.default({}).describe('Only nodes with all these labels.'),
  quota: size.default(2 * 1024 ** 3).describe("Size of etcd's database."),
  compactionRetentionHours: count(1, 720).default(1).describe('History that etcd keeps.'),
})

export const fleetFile = z.strictObject({
  version: z.literal(1).describe('Of this format.'),
  fleet: fleet.describe('What holds for all clusters.'),
  etcd: etcd.prefault({}).describe('The store in which Patroni agrees on the primary.'),
  clusters: z.array(cluster).default([]).describe('PostgreSQL clusters: each a primary and its standbys.'),
})

export type FleetFile = z.output<typeof fleetFile>
/** A fleet file as it is written, before defaults: what an importer makes. */
export type FleetFileInput = z.input<typeof fleetFile>
export type ClusterFile = z.output<typeof cluster>
