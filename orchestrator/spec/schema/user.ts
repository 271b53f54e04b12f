import { z } from 'zod'
import { OBJECT_RULE } from '../names.ts'
import { poolMode } from './pooler.ts'
import { connections } from './quantity.ts'
import { comment, name, settings, userName } from './text.ts'

const membership = z.union(
  [
    name(OBJECT_RULE).transform(role => ({ role, admin: false })),
    z.strictObject({
      role: name(OBJECT_RULE).describe("A user of this cluster, or a role of PostgreSQL's own."),
      admin: z.boolean().default(false).describe('May grant the role to others.'),
      inherit: z
        .boolean()
        .exactOptional()
        .describe("Has the role's rights without SET ROLE. PostgreSQL 16 and later; absent: PostgreSQL's default."),
      set: z.boolean().exactOptional().describe("May SET ROLE. PostgreSQL 16 and later; absent: PostgreSQL's default."),
    }),
  ],
  { error: 'must be a role name or { role, admin, inherit, set }' },
)

/** Exactly as PostgreSQL writes it: iterations, a salt of any length, two keys of 32 bytes. */
const VERIFIER = /^SCRAM-SHA-256\$[1-9]\d{0,8}:[A-Za-z0-9+/]{8,}={0,2}\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/

const verifier = z
  .string()
  .refine(text => VERIFIER.test(text), {
    error: 'must be a SCRAM-SHA-256 verifier as PostgreSQL stores it, never a plain password',
    params: {
      code: 'bad-verifier',
      hint: 'Take it from `pg_authid.rolpassword` of the server that has the user; without `password` Drover generates one.',
    },
  })
  .meta({ pattern: VERIFIER.source })

export const user = z.strictObject({
  name: userName.describe('Of the role.'),
  login: z.boolean().default(true).describe('`false`: a group, without a password.'),
  superuser: z.boolean().default(false).describe('May do anything.'),
  createdb: z.boolean().default(false).describe('May make databases.'),
  createrole: z.boolean().default(false).describe('May make roles.'),
  inherit: z.boolean().default(true).describe('Has the rights of its groups without SET ROLE.'),
  replication: z.boolean().default(false).describe('May stream WAL.'),
  bypassrls: z.boolean().default(false).describe('Row security does not bind it.'),
  connectionLimit: connections.exactOptional().describe('Connections at once to one PostgreSQL.'),
  validUntil: z
    .union([z.literal('infinity'), z.iso.date(), z.iso.datetime({ offset: true })], {
      error: 'must be a date such as `2030-12-31`, a time such as `2030-12-31T18:00:00Z`, or `infinity`',
    })
    .exactOptional()
    .describe('When the password ends: a date, a time with its zone, or `infinity`.'),
  password: verifier
    .exactOptional()
    .describe(
      'The SCRAM-SHA-256 verifier of a password that clients know already. Absent: Drover generates a password.',
    ),
  memberOf: z
    .array(membership)
    .default([])
    .describe("Users of this cluster, or PostgreSQL's own roles such as `pg_read_all_data`."),
  parameters: settings.default({}).describe('ALTER ROLE … SET.'),
  pooled: z.boolean().default(true).describe('May come through the pooler.'),
  poolMode: poolMode.exactOptional().describe('Instead of the mode of the database.'),
  poolConnections: connections
    .exactOptional()
    .describe('Server connections of this user over all its pools, in one pooler.'),
  comment: comment.exactOptional().describe('COMMENT ON ROLE.'),
})
