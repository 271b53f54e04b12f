import { z } from 'zod'
import { OBJECT_RULE } from '../names.ts'
import { network } from './address.ts'
import { count } from './quantity.ts'
import { comment, name } from './text.ts'

export const hbaRule = z.strictObject({
  title: comment.exactOptional().describe('A comment in pg_hba.conf.'),
  order: count(0, 9999).default(500).describe('Ascending; the order of the file among equals.'),
  user: z
    .string()
    .regex(/^\+?[a-z_][a-z0-9_-]{0,62}$/, 'must be a user, `+role` or `all`')
    .describe('A user, `+role` for its members, or `all`.'),
  database: name(OBJECT_RULE).describe('A database, `postgres` or `all`.'),
  address: z
    .union([z.enum(['local', 'localhost', 'cluster', 'clients', 'all']), network], {
      error: 'must be a network such as `10.0.0.0/8`, or `local`, `localhost`, `cluster`, `clients` or `all`',
    })
    .describe(
      'A network, `local` (the unix socket), `localhost`, `cluster` (its nodes), `clients` (fleet.clientNetworks) or `all`.',
    ),
  auth: z
    .enum(['scram-sha-256', 'md5', 'trust', 'reject', 'cert', 'peer', 'ident'])
    .default('scram-sha-256')
    .describe('`peer` and `ident` only with `local`; `cert` only with TLS and without the pooler.'),
  tls: z.boolean().default(true).describe('`false`: also without TLS.'),
  role: z
    .enum(['all', 'members', 'offline', 'delayed'])
    .default('all')
    .describe('Only on members that are this by declaration.'),
  on: z.enum(['postgres', 'pooler', 'both']).default('both').describe('Who reads the rule.'),
})
