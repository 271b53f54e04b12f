import { z } from 'zod'
import {
  CLUSTER_RULE,
  EXTENSION_RULE,
  LABEL_RULE,
  type NameRule,
  NODE_RULE,
  OBJECT_RULE,
  RESERVED_DATABASES,
  RESERVED_USERS,
  SETTING_RULE,
} from './names.ts'
import { parseSize, SIZE_HINT } from './size.ts'

/**
 * The shape of a fleet file, key by key, with the defaults. deploy/examples/reference.yml explains every key.
 * A refinement puts the advice for the reader in `params.hint`. Rules that span several keys live in check-references.ts.
 */
const name = (rule: NameRule) =>
  z.string().refine(text => rule.pattern.test(text), { error: `must be ${rule.words}`, params: { code: 'bad-name' } })

const reservable = (rule: NameRule, reserved: ReadonlySet<string>, what: string) =>
  name(rule)
    .refine(text => !reserved.has(text), {
      error: issue => `\`${String(issue.input)}\` is a reserved ${what}`,
      params: { code: 'reserved-name', hint: `Choose another name; Drover or PostgreSQL uses this one itself.` },
    })
    .refine(text => !text.startsWith('pg_'), {
      error: issue => `\`${String(issue.input)}\` starts with \`pg_\`, which PostgreSQL keeps for itself`,
      params: { code: 'reserved-name', hint: 'Choose another name.' },
    })

const userName = reservable(OBJECT_RULE, RESERVED_USERS, 'user')
const databaseName = reservable(OBJECT_RULE, RESERVED_DATABASES, 'database')
const schemaName = reservable(OBJECT_RULE, new Set(['information_schema']), 'schema')

const size = z.union([z.string(), z.number()], { error: 'must be a size' }).transform((value, context) => {
  const bytes = parseSize(value)
  if (bytes !== undefined && bytes > 0) return bytes
  context.addIssue({
    code: 'custom',
    message: `\`${value}\` is not a size`,
    params: { code: 'bad-size', hint: SIZE_HINT },
  })
  return z.NEVER
})

const count = (least: number, most: number) => z.int().min(least).max(most)
const connections = count(1, 100_000)
const labels = z.record(name(LABEL_RULE), z.string().min(1).max(253)).default({})
const comment = z
  .string()
  .max(1024)
  .refine(text => !/[\0\r\n]/.test(text), { error: 'must be one line', params: { code: 'bad-text' } })
const settingText = z
  .string()
  .max(4096)
  .refine(text => !/[\0\r\n]/.test(text), { error: 'must be one line', params: { code: 'bad-text' } })
const settingValue = z.union([settingText, z.number(), z.boolean()], {
  error: 'must be a single-line text, a number or true/false',
})
const settings = z.record(name(SETTING_RULE), settingValue).default({})

const cidr = z.union([z.cidrv4(), z.cidrv6()], {
  error: 'must be a network such as `10.0.0.0/8` or `fd00::/8`',
})

const user = z.strictObject({
  name: userName,
  login: z.boolean().default(true),
  superuser: z.boolean().default(false),
  createdb: z.boolean().default(false),
  createrole: z.boolean().default(false),
  replication: z.boolean().default(false),
  bypassrls: z.boolean().default(false),
  connectionLimit: connections.exactOptional(),
  memberOf: z.array(name(OBJECT_RULE)).default([]),
  parameters: settings,
  pooled: z.boolean().default(true),
  comment: comment.exactOptional(),
})

const schema = z.union(
  [
    schemaName.transform(text => ({ name: text })),
    z.strictObject({ name: schemaName, owner: name(OBJECT_RULE).exactOptional() }),
  ],
  { error: 'must be a schema name or { name, owner }' },
)

const extension = z.union(
  [
    name(EXTENSION_RULE).transform(text => ({ name: text })),
    z.strictObject({
      name: name(EXTENSION_RULE),
      schema: name(OBJECT_RULE).exactOptional(),
      version: z
        .string()
        .regex(/^[A-Za-z0-9._+-]{1,64}$/, 'must be an extension version such as `1.6`')
        .exactOptional(),
    }),
  ],
  { error: 'must be an extension name or { name, schema, version }' },
)

const database = z.strictObject({
  name: databaseName,
  owner: name(OBJECT_RULE),
  encoding: z
    .string()
    .regex(/^[A-Z0-9_]{2,20}$/, 'must be a PostgreSQL encoding such as `UTF8`')
    .default('UTF8'),
  locale: z
    .string()
    .regex(/^[A-Za-z0-9_.@-]{1,64}$/, 'must be a locale such as `C.UTF-8`')
    .default('C.UTF-8'),
  schemas: z.array(schema).default([]),
  extensions: z.array(extension).default([]),
  parameters: settings,
  pooled: z.boolean().default(true),
  connectionLimit: connections.exactOptional(),
  comment: comment.exactOptional(),
})

const hba = z.strictObject({
  user: z.string().regex(/^\+?[a-z_][a-z0-9_-]{0,62}$/, 'must be a user, `+role` or `all`'),
  database: name(OBJECT_RULE),
  address: z.union([z.enum(['cluster', 'clients', 'all']), cidr], {
    error: 'must be a network such as `10.0.0.0/8`, or `cluster`, `clients` or `all`',
  }),
  auth: z.enum(['scram-sha-256', 'reject', 'cert']).default('scram-sha-256'),
})

const cluster = z.strictObject({
  name: name(CLUSTER_RULE),
  postgresVersion: count(14, 18).exactOptional(),
  members: count(1, 16).default(3),
  placement: z
    .strictObject({
      labels,
      spread: z.array(name(LABEL_RULE)).default(['region', 'zone', 'rack']),
      isolation: z.enum(['prefer', 'require']).default('prefer'),
      nodes: z.array(name(NODE_RULE)).min(1).exactOptional(),
    })
    .prefault({}),
  resources: z
    .strictObject({
      cores: z.number().positive().max(4096).exactOptional(),
      memory: size.exactOptional(),
      disk: size.exactOptional(),
    })
    .prefault({}),
  durability: z.enum(['async', 'sync', 'strict-sync']).default('async'),
  failover: z.enum(['fast', 'norm', 'safe', 'wide']).default('norm'),
  workload: z.enum(['oltp', 'olap', 'crit', 'tiny', 'mixed']).default('oltp'),
  users: z.array(user).default([]),
  databases: z.array(database).default([]),
  hba: z.array(hba).default([]),
  parameters: settings,
  pooler: z
    .strictObject({
      mode: z.enum(['transaction', 'session', 'statement']).default('transaction'),
      maxClientConnections: count(10, 100_000).default(1000),
      poolSize: count(1, 10_000).exactOptional(),
    })
    .prefault({}),
})

export const fleetFile = z.strictObject({
  version: z.literal(1),
  fleet: z.strictObject({ name: name(CLUSTER_RULE), clientNetworks: z.array(cidr).default([]) }),
  etcd: z
    .strictObject({
      members: count(1, 7)
        .refine(members => members % 2 === 1, {
          error: issue => `${String(issue.input)} etcd members cannot form a useful majority: the number must be odd`,
          params: {
            code: 'even-etcd-members',
            hint: 'Use 1, 3, 5 or 7: an even number tolerates no more failures than one less.',
          },
        })
        .default(3),
      labels,
      quota: size.default(2 * 1024 ** 3),
      compactionRetentionHours: count(1, 720).default(1),
    })
    .prefault({}),
  clusters: z.array(cluster).default([]),
})

export type FleetFile = z.output<typeof fleetFile>
export type ClusterFile = z.output<typeof cluster>
