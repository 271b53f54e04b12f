import { z } from 'zod'
import { DURATION_HINT, parseDuration } from './duration.ts'
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

const poolMode = z.enum(['transaction', 'session', 'statement'])
const members = (least: number) => count(least, 16)

const membership = z.union(
  [
    name(OBJECT_RULE).transform(role => ({ role, admin: false })),
    z.strictObject({
      role: name(OBJECT_RULE),
      admin: z.boolean().default(false),
      inherit: z.boolean().exactOptional(),
      set: z.boolean().exactOptional(),
    }),
  ],
  { error: 'must be a role name or { role, admin, inherit, set }' },
)

const verifier = z
  .string()
  .regex(/^SCRAM-SHA-256\$\d{4,7}:[A-Za-z0-9+/=]{8,}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$/, {
    error: 'must be a SCRAM-SHA-256 verifier as PostgreSQL stores it, never a plain password',
  })

const user = z.strictObject({
  name: userName,
  login: z.boolean().default(true),
  superuser: z.boolean().default(false),
  createdb: z.boolean().default(false),
  createrole: z.boolean().default(false),
  inherit: z.boolean().default(true),
  replication: z.boolean().default(false),
  bypassrls: z.boolean().default(false),
  connectionLimit: connections.exactOptional(),
  validUntil: z.union([z.literal('infinity'), z.iso.date(), z.iso.datetime({ offset: true })]).exactOptional(),
  password: verifier.exactOptional(),
  memberOf: z.array(membership).default([]),
  parameters: settings,
  pooled: z.boolean().default(true),
  poolMode: poolMode.exactOptional(),
  poolConnections: connections.exactOptional(),
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

const locale = z.string().regex(/^[A-Za-z0-9_.@-]{1,64}$/, 'must be a locale such as `C.UTF-8`')

const database = z.strictObject({
  name: databaseName,
  owner: name(OBJECT_RULE),
  encoding: z
    .string()
    .regex(/^[A-Z0-9_]{2,20}$/, 'must be a PostgreSQL encoding such as `UTF8`')
    .default('UTF8'),
  locale: locale.default('C.UTF-8'),
  collate: locale.exactOptional(),
  ctype: locale.exactOptional(),
  localeProvider: z.enum(['libc', 'icu', 'builtin']).exactOptional(),
  icuLocale: locale.exactOptional(),
  icuRules: settingText.exactOptional(),
  template: name(OBJECT_RULE).exactOptional(),
  strategy: z.enum(['wal_log', 'file_copy']).exactOptional(),
  tablespace: name(OBJECT_RULE).exactOptional(),
  isTemplate: z.boolean().default(false),
  allowConnections: z.boolean().default(true),
  revokePublicConnect: z.boolean().default(false),
  schemas: z.array(schema).default([]),
  extensions: z.array(extension).default([]),
  baseline: z.string().max(65_536).exactOptional(),
  parameters: settings,
  pooled: z.boolean().default(true),
  pool: z
    .strictObject({
      mode: poolMode.exactOptional(),
      size: count(1, 10_000).exactOptional(),
      minSize: count(0, 10_000).exactOptional(),
      reserve: count(0, 10_000).exactOptional(),
      maxConnections: connections.exactOptional(),
    })
    .prefault({}),
  connectionLimit: connections.exactOptional(),
  comment: comment.exactOptional(),
})

const privilege = z.strictObject({
  for: z.array(name(OBJECT_RULE)).default([]),
  to: name(OBJECT_RULE),
  on: z.enum(['schemas', 'tables', 'sequences', 'functions', 'types']),
  grant: z
    .array(
      z.enum([
        'SELECT',
        'INSERT',
        'UPDATE',
        'DELETE',
        'TRUNCATE',
        'REFERENCES',
        'TRIGGER',
        'MAINTAIN',
        'USAGE',
        'CREATE',
        'EXECUTE',
        'ALL',
      ]),
    )
    .min(1),
  schema: schemaName.exactOptional(),
})

const hba = z.strictObject({
  title: comment.exactOptional(),
  order: count(0, 9999).default(500),
  user: z.string().regex(/^\+?[a-z_][a-z0-9_-]{0,62}$/, 'must be a user, `+role` or `all`'),
  database: name(OBJECT_RULE),
  address: z.union([z.enum(['local', 'localhost', 'cluster', 'clients', 'all']), cidr], {
    error: 'must be a network such as `10.0.0.0/8`, or `local`, `localhost`, `cluster`, `clients` or `all`',
  }),
  auth: z.enum(['scram-sha-256', 'md5', 'trust', 'reject', 'cert', 'peer', 'ident']).default('scram-sha-256'),
  tls: z.boolean().default(true),
  role: z.enum(['all', 'members', 'offline', 'delayed']).default('all'),
  on: z.enum(['postgres', 'pooler', 'both']).default('both'),
})

const duration = z.union([z.string(), z.number()], { error: 'must be a duration' }).transform((value, context) => {
  const seconds = parseDuration(value)
  if (seconds !== undefined && seconds >= 0) return seconds
  context.addIssue({
    code: 'custom',
    message: `\`${value}\` is not a duration`,
    params: { code: 'bad-duration', hint: DURATION_HINT },
  })
  return z.NEVER
})

const group = z.strictObject({
  name: name(LABEL_RULE),
  role: z.enum(['replica', 'offline', 'delayed']),
  members: members(1).default(1),
  delay: duration.exactOptional(),
  priority: count(1, 100).default(50),
  labels,
  nodes: z.array(name(NODE_RULE)).min(1).exactOptional(),
})

const service = z.strictObject({
  name: name(LABEL_RULE),
  port: count(1, 65_535),
  target: z.union([z.enum(['pooler', 'postgres']), count(1, 65_535)]).default('pooler'),
  check: z.enum(['primary', 'replica', 'read-only', 'sync', 'any']).default('replica'),
  from: z.array(name(LABEL_RULE)).min(1).default(['members']),
  backup: z.array(name(LABEL_RULE)).default([]),
  balance: z.enum(['roundrobin', 'leastconn', 'first', 'source']).default('leastconn'),
  maxConnections: connections.exactOptional(),
})

const cluster = z.strictObject({
  name: name(CLUSTER_RULE),
  postgresVersion: count(14, 18).exactOptional(),
  members: members(1).default(3),
  replicas: z.array(group).default([]),
  standbyOf: z.strictObject({ cluster: name(CLUSTER_RULE), delay: duration.default(0) }).exactOptional(),
  placement: z
    .strictObject({
      labels,
      spread: z.array(name(LABEL_RULE)).default(['region', 'zone', 'rack']),
      isolation: name(LABEL_RULE).default('prefer'),
      nodes: z.array(name(NODE_RULE)).min(1).exactOptional(),
    })
    .prefault({}),
  resources: z
    .strictObject({
      cores: z.number().positive().max(4096).exactOptional(),
      memory: size.exactOptional(),
      disk: size.exactOptional(),
      iops: count(1, 100_000_000).exactOptional(),
      fsync: duration.exactOptional(),
    })
    .prefault({}),
  durability: z.enum(['async', 'sync', 'strict-sync']).default('async'),
  synchronous: z
    .strictObject({ standbys: count(1, 15).default(1), across: name(LABEL_RULE).exactOptional() })
    .prefault({}),
  failover: z.enum(['fast', 'norm', 'safe', 'wide']).default('norm'),
  failoverLag: size.default(1024 ** 2),
  watchdog: z.enum(['off', 'automatic', 'required']).default('off'),
  workload: z.enum(['oltp', 'olap', 'crit', 'tiny', 'mixed']).default('oltp'),
  tuning: z.strictObject({ sharedBuffersRatio: z.number().min(0.05).max(0.4).exactOptional() }).prefault({}),
  users: z.array(user).default([]),
  databases: z.array(database).default([]),
  template: z
    .strictObject({ schemas: z.array(schema).default([]), extensions: z.array(extension).default([]) })
    .prefault({}),
  privileges: z.array(privilege).default([]),
  hba: z.array(hba).default([]),
  services: z.array(service).default([]),
  parameters: settings,
  packages: z.array(z.string().regex(/^[a-z0-9][a-z0-9+.-]{1,99}$/, 'must be a Debian package name')).default([]),
  pooler: z
    .strictObject({
      mode: poolMode.default('transaction'),
      maxClientConnections: count(10, 100_000).default(1000),
      poolSize: count(1, 10_000).exactOptional(),
      reserveSize: count(0, 10_000).exactOptional(),
      maxDatabaseConnections: connections.exactOptional(),
      maxUserConnections: connections.exactOptional(),
      tls: z.enum(['disable', 'allow', 'prefer', 'require']).default('prefer'),
      ignoreStartupParameters: z.array(name(SETTING_RULE)).default(['extra_float_digits']),
    })
    .prefault({}),
})

export const fleetFile = z.strictObject({
  version: z.literal(1),
  fleet: z.strictObject({
    name: name(CLUSTER_RULE),
    clientNetworks: z.array(cidr).default([]),
    limits: z
      .strictObject({
        cores: z.number().min(0.1).max(4).default(1),
        memory: z.number().min(0.1).max(1).default(0.85),
        disk: z.number().min(0.1).max(1).default(0.8),
      })
      .prefault({}),
    kernel: z.enum(['manage', 'leave']).default('manage'),
  }),
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
/** A fleet file as it is written, before defaults: what an importer makes. */
export type FleetFileInput = z.input<typeof fleetFile>
export type ClusterFile = z.output<typeof cluster>
