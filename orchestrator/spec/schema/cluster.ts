import { z } from 'zod'
import { CLUSTER_RULE } from '../names.ts'
import { database, template } from './database.ts'
import { hbaRule } from './hba.ts'
import { placement, resources } from './placement.ts'
import { pooler } from './pooler.ts'
import { privilege } from './privilege.ts'
import { count, size } from './quantity.ts'
import { replicaGroup, standbySource, synchronous } from './replicas.ts'
import { service } from './service.ts'
import { name, settings } from './text.ts'
import { user } from './user.ts'

const debianPackage = z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,99}$/, 'must be a Debian package name')

const tuning = z.strictObject({
  sharedBuffersRatio: z
    .number()
    .min(0.05)
    .max(0.4)
    .exactOptional()
    .describe("shared_buffers as a share of a member's memory."),
})

export const cluster = z.strictObject({
  name: name(CLUSTER_RULE).describe('Unique in the file.'),
  postgresVersion: count(14, 18)
    .exactOptional()
    .describe("Major version. Absent: the one that the nodes' OS ships. An apply never changes it."),
  members: count(1, 16).default(3).describe('Members that may become primary, one on a node.'),
  replicas: z
    .array(replicaGroup)
    .default([])
    .describe('Groups of members that never become primary and never hold up a commit.'),
  standbyOf: standbySource
    .exactOptional()
    .describe('A standby cluster: it follows the primary of another cluster and takes no writes.'),
  placement: placement.prefault({}).describe('Which nodes.'),
  resources: resources.prefault({}).describe('What one member needs. A node that cannot give it is not chosen.'),
  durability: z
    .enum(['async', 'sync', 'strict-sync'])
    .default('async')
    .describe(
      '`async`: a failover may lose the last commits. `sync`: a commit waits for a standby while there is one. `strict-sync`: always; without one, writes stop.',
    ),
  synchronous: synchronous.prefault({}).describe('Which standbys confirm, with durability `sync` and `strict-sync`.'),
  failover: z
    .enum(['fast', 'norm', 'safe', 'wide'])
    .default('norm')
    .describe('How long silence lasts before a standby takes over: 20, 30, 60 or 120 s.'),
  failoverLag: size
    .default(1024 ** 2)
    .describe('With durability `async`: the WAL that a standby may lack and still take over.'),
  cloneRate: size
    .refine(bytes => bytes >= 32 * 1024 && bytes <= 1024 ** 3, { error: 'must be between `32KB` and `1GB`' })
    .default(64 * 1024 ** 2)
    .describe('How much a new member copies in a second at most, so that the network and the copied member keep up.'),
  watchdog: z
    .enum(['off', 'automatic', 'required'])
    .default('off')
    .describe(
      "`automatic`: a hung primary's host is reset, where it has a watchdog. `required`: a member without one never becomes primary.",
    ),
  workload: z.enum(['oltp', 'olap', 'crit', 'tiny', 'mixed']).default('oltp').describe('What tuning aims at.'),
  tuning: tuning.prefault({}).describe('Wishes to tuning.'),
  users: z.array(user).default([]).describe('Roles of PostgreSQL.'),
  databases: z.array(database).default([]).describe('Databases, made where they do not exist.'),
  template: template
    .prefault({})
    .describe('What template1 and the database `postgres` get, so that every database made later has it.'),
  privileges: z.array(privilege).default([]).describe('ALTER DEFAULT PRIVILEGES in every declared database.'),
  hba: z.array(hbaRule).default([]).describe("Who may log in: rules before Drover's own."),
  services: z.array(service).default([]).describe("Further ports that route, beside Drover's own."),
  parameters: settings.default({}).describe('postgresql.conf; wins over tuning, except for what Drover must own.'),
  packages: z.array(debianPackage).default([]).describe('Further Debian packages on its nodes.'),
  pooler: pooler.prefault({}).describe('PgBouncer, on every member.'),
  updateExtensions: z
    .boolean()
    .exactOptional()
    .describe('An upgrade ends with ALTER EXTENSION ... UPDATE of extensions that are declared without a version.'),
})
